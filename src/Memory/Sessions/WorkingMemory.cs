
namespace MemoryOrleans.Sessions;

/// <summary>Both bounds of a session's live window.</summary>
/// <param name="TurnsMax">Turns, 1..100.</param>
/// <param name="TokensMax">Estimated tokens of their contents, 100..1,000,000.</param>
/// <param name="SummaryTokensMax">Estimated tokens of the rolling summary beside them, 0..100,000.</param>
public sealed record WorkingMemoryLimits(int TurnsMax = 20, int TokensMax = 4000, int SummaryTokensMax = 600);

/// <summary>
/// The live window of a session: its newest turns within both bounds, and what stands for those before. What leaves it stays
/// in the log. Its owner loads it, tells it of commits in their order, and clears it when one is refused. Not safe for
/// concurrent use.
/// </summary>
public sealed class WorkingMemory(WorkingMemoryLimits limits)
{
    private readonly List<Turn> tail = [];
    private Session? session;
    private IReadOnlyList<SummaryPart>? summary;
    private long summarizedAt;

    /// <summary>Takes in a session and its newest turns; what does not belong together is not kept.</summary>
    /// <param name="newest">Ascending, at least <see cref="WorkingMemoryLimits.TurnsMax"/> of them where the session has as many.</param>
    public void Load(Session loaded, IReadOnlyList<Turn> newest)
    {
        Clear();
        if ((newest.Count == 0 ? 0 : newest[^1].Seq) != loaded.LastSeq)
            return;
        session = loaded;
        tail.AddRange(newest.Skip(newest.Count - Math.Min(newest.Count, limits.TurnsMax)));
    }

    /// <summary>Goes on with what a commit stored; one that does not follow what is known clears it.</summary>
    /// <param name="after">The session after the commit.</param>
    /// <param name="appended">Its turns, ascending; none when it only closed the session.</param>
    public void Advance(Session after, IReadOnlyList<Turn> appended)
    {
        if (session is not { } before)
            return;
        if (after.Version != before.Version + 1 || after.LastSeq != before.LastSeq + appended.Count)
        {
            Clear();
            return;
        }

        session = after;
        tail.AddRange(appended);
        if (tail.Count > limits.TurnsMax)
            tail.RemoveRange(0, tail.Count - limits.TurnsMax);
        if (appended.Count > 0)
            summary = null;
    }

    /// <summary>Forgets all of it; the next read loads it again.</summary>
    public void Clear()
    {
        (session, summary) = (null, null);
        tail.Clear();
    }

    /// <summary>The window, when it is that of the session as stored; else null.</summary>
    public WorkingMemoryView? ViewAt(Session stored) => IsAt(stored) ? Select(session!, tail, limits) : null;

    /// <summary>The turns after a seq, when the window reaches back so far and is that of the session as stored; else null.</summary>
    public IReadOnlyList<Turn>? TurnsAfter(long afterSeq, int limit, Session stored)
    {
        if (!IsAt(stored) || (tail.Count > 0 && tail[0].Seq > afterSeq + 1))
            return null;
        return [.. tail.Where(turn => turn.Seq > afterSeq).Take(limit)];
    }

    /// <summary>Keeps the summary of what came before the window, until a turn is appended or its sources change.</summary>
    /// <param name="sourcesAt">Grows whenever the memories change that the summary is made of.</param>
    public void KeepSummary(IReadOnlyList<SummaryPart> parts, Session stored, long sourcesAt)
    {
        if (IsAt(stored))
            (summary, summarizedAt) = (parts, sourcesAt);
    }

    /// <summary>The kept summary, when nothing it is made of changed since; else null.</summary>
    public IReadOnlyList<SummaryPart>? SummaryAt(Session stored, long sourcesAt) =>
        IsAt(stored) && summarizedAt == sourcesAt ? summary : null;

    // Not the version alone: the batches of an import write the same one, each with more turns.
    private bool IsAt(Session stored) =>
        session is { } known && (known.Version, known.LastSeq) == (stored.Version, stored.LastSeq);

    /// <summary>
    /// The window over a session's tail. The newest turn is always in it, even one longer than the token bound.
    /// </summary>
    /// <param name="tail">The newest turns ascending, at least <see cref="WorkingMemoryLimits.TurnsMax"/> of them where the session has as
    /// many.</param>
    public static WorkingMemoryView Select(Session session, IReadOnlyList<Turn> tail, WorkingMemoryLimits limits)
    {
        var tokens = 0;
        var first = tail.Count;
        while (first > 0 && tail.Count - first < limits.TurnsMax)
        {
            var next = tail[first - 1].Tokens;
            if (first < tail.Count && tokens + next > limits.TokensMax)
                break;
            tokens += next;
            first--;
        }

        var window = tail.Skip(first).ToArray();
        // Counted from the turns themselves: the tail may be newer than the session's row.
        return new WorkingMemoryView(session, window, tokens, window.Length == 0 ? session.LastSeq : window[0].Seq - 1);
    }
}
