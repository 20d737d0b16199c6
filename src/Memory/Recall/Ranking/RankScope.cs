using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The partitions a ranking covers, as one collection: counts are sums, so that statistics over the union are exact.
/// Rows of partition p lie in the working arrays from its offsets on.
/// </summary>
internal sealed class RankScope
{
    /// <param name="masks">What may be answered of each partition; null where everything may.</param>
    public RankScope(IReadOnlyList<PartitionSnapshot> partitions, IReadOnlyList<TurnMask?> masks)
    {
        Partitions = partitions;
        Masks = masks;
        Offsets = new Offset[partitions.Count];
        for (var i = 0; i < partitions.Count; i++)
        {
            Offsets[i] = new Offset(Turns, Chunks, Vectors, Sessions);
            Turns = checked(Turns + partitions[i].TurnCount);
            Chunks = checked(Chunks + partitions[i].ChunkCount);
            Vectors = checked(Vectors + partitions[i].VectorCount);
            Sessions += partitions[i].SessionCount;
            TermTotal += partitions[i].TermTotal;
        }
    }

    public IReadOnlyList<PartitionSnapshot> Partitions { get; }

    public IReadOnlyList<TurnMask?> Masks { get; }

    public Offset[] Offsets { get; }

    public int Turns { get; }

    public int Chunks { get; }

    public int Vectors { get; }

    public int Sessions { get; }

    public long TermTotal { get; }

    public float MeanChunkTerms => Chunks == 0 ? 0 : (float)TermTotal / Chunks;

    public float MeanSessionTerms => Sessions == 0 ? 0 : (float)TermTotal / Sessions;

    internal readonly record struct Offset(int Turns, int Chunks, int Vectors, int Sessions);
}
