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

    public int[] Products { get; } = new int[Index.Blocks<sbyte>.BlockRows];

    /// <summary>Makes room, and zeroes what is added to.</summary>
    public void Prepare(RankScope scope)
    {
        ChunkScores = Sized(ChunkScores, scope.Chunks);
        Cosines = Sized(Cosines, scope.Vectors);
        Bases = Sized(Bases, scope.Turns);
        SessionScores = Sized(SessionScores, scope.Sessions);
        SessionCounts = Sized(SessionCounts, scope.Sessions);
        TouchedSessions = Sized(TouchedSessions, scope.Sessions);
        Array.Clear(ChunkScores, 0, scope.Chunks);
        Array.Clear(SessionScores, 0, scope.Sessions);
        Array.Clear(SessionCounts, 0, scope.Sessions);
    }

    private static T[] Sized<T>(T[] array, int length) =>
        array.Length >= length ? array : GC.AllocateUninitializedArray<T>(length + (length / 8));
}
