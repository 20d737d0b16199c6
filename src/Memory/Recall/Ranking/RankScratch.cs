namespace MemoryOrleans.Recall.Ranking;

/// <summary>Working arrays of one ranking, kept between rankings; one ranking uses one instance.</summary>
internal sealed class RankScratch
{
    public float[] ChunkScores { get; private set; } = [];

    public float[] Cosines { get; private set; } = [];

    public float[] Bases { get; private set; } = [];

    public float[] SessionScores { get; private set; } = [];

    public int[] SessionCounts { get; private set; } = [];

    public int[] TouchedSessions { get; private set; } = [];

    /// <summary>Of each turn: its best piece's cosine, its context's, both NaN without; its best static one.</summary>
    public float[] Pieces { get; private set; } = [];

    public float[] Contexts { get; private set; } = [];

    public float[] Statics { get; private set; } = [];

    /// <summary>Of each turn: its window's BM25; and one term's count in it, zero between terms.</summary>
    public float[] Windows { get; private set; } = [];

    public float[] WindowCounts { get; private set; } = [];

    /// <summary>Of the turns that quote the question, by their place: the share of it, 0..1.</summary>
    public Dictionary<int, float> Quotes { get; } = [];

    /// <summary>The places of the documents that the question has a name of.</summary>
    public HashSet<int> Named { get; } = [];

    /// <summary>
    /// Of each turn the most it can score (<see cref="TurnBounds"/>); and, a bit each, whether its vectors are in its own score.
    /// </summary>
    public float[] Bounds { get; private set; } = [];

    public ulong[] Completed { get; private set; } = [];

    /// <summary>What a term that a chunk says once adds to it, by the chunk's length.</summary>
    public float[] OnceByLength { get; } = new float[Bm25.TabledLengths];

    public int[] Products { get; } = new int[Index.Blocks<sbyte>.BlockRows];

    /// <summary>Makes room, and zeroes what is added to.</summary>
    public void Prepare(RankScope scope)
    {
        ChunkScores = Sized(ChunkScores, scope.Chunks);
        Cosines = Sized(Cosines, scope.Vectors);
        Bases = Sized(Bases, scope.Turns);
        SessionScores = Sized(SessionScores, scope.Sessions);
        SessionCounts = Sized(SessionCounts, scope.Sessions);
        Bounds = Sized(Bounds, scope.Turns);
        TouchedSessions = Sized(TouchedSessions, scope.Sessions);
        Array.Clear(ChunkScores, 0, scope.Chunks);
        Array.Clear(SessionScores, 0, scope.Sessions);
        Array.Clear(SessionCounts, 0, scope.Sessions);
        Quotes.Clear();
        Named.Clear();
    }

    /// <summary>No turn is complete.</summary>
    public void PrepareBounds(RankScope scope)
    {
        Completed = Sized(Completed, (scope.Turns / 64) + 1);
        Array.Clear(Completed, 0, (scope.Turns / 64) + 1);
    }

    /// <summary>Makes room for what an encoder says.</summary>
    public void PrepareMeaning(RankScope scope)
    {
        Pieces = Sized(Pieces, scope.Turns);
        Contexts = Sized(Contexts, scope.Turns);
        Statics = Sized(Statics, scope.Turns);
        Windows = Sized(Windows, scope.Turns);
        WindowCounts = Sized(WindowCounts, scope.Turns);
        Array.Fill(Pieces, float.NaN, 0, scope.Turns);
        Array.Fill(Contexts, float.NaN, 0, scope.Turns);
        Array.Clear(Windows, 0, scope.Turns);
        Array.Clear(WindowCounts, 0, scope.Turns);
    }

    private static T[] Sized<T>(T[] array, int length) =>
        array.Length >= length ? array : GC.AllocateUninitializedArray<T>(length + (length / 8));
}
