namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Turns of one session that lie next to each other, from its first to the next run's: within it a turn's neighbours in the session are
/// its neighbours in the partition. Beyond it they are named here, or -1, so that they are known without a look at the turns.
/// </summary>
internal struct SessionRun
{
    public int First;
    public int Session;

    /// <summary>The session's turn before the first of the run, and the one before that.</summary>
    public int Previous;
    public int SecondPrevious;

    /// <summary>
    /// The session's turn after the last of the run, and the one after that. Written later: readers ignore one beyond their count.
    /// </summary>
    public int Next;
    public int SecondNext;
}

/// <summary>All turns of a partition as runs, in order. One writer.</summary>
internal sealed class SessionRuns
{
    private readonly Blocks<SessionRun> runs = new();

    // Of each session its newest run and the one before that, or -1.
    private readonly List<(int Newest, int Before)> bySession = [];

    public int Count => runs.Count;

    public long Bytes => runs.Bytes + (bySession.Capacity * 8L);

    public Blocks<SessionRun>.View Read() => runs.Read();

    /// <summary>Adds the partition's next turn.</summary>
    /// <param name="previous">The turn before it in its session, or -1.</param>
    /// <param name="secondPrevious">The turn before that, or -1.</param>
    public void Add(int turn, int session, int previous, int secondPrevious)
    {
        while (bySession.Count <= session)
            bySession.Add((-1, -1));
        var (newest, before) = bySession[session];
        if (before >= 0 && runs.Row(newest).First == previous)
            runs.Row(before).SecondNext = turn;
        if (previous >= 0 && previous == turn - 1)
            return;
        if (newest >= 0)
            runs.Row(newest).Next = turn;
        bySession[session] = (runs.Count, newest);
        runs.Append(new SessionRun
        {
            First = turn, Session = session, Previous = previous, SecondPrevious = secondPrevious, Next = -1, SecondNext = -1,
        });
    }
}
