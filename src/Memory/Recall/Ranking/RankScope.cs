using System.Runtime.InteropServices;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The partitions a ranking covers, as one collection: counts are sums, so that statistics over the union are exact.
/// Rows of partition p lie in the working arrays from its offsets on.
/// </summary>
internal sealed class RankScope
{
    private readonly Dictionary<ulong, long> counts = [];

    /// <param name="masks">What may be answered of each partition; null where everything may.</param>
    public RankScope(IReadOnlyList<PartitionSnapshot> partitions, IReadOnlyList<TurnMask?> masks)
    {
        Partitions = [.. partitions];
        Masks = [.. masks];
        Offsets = new Offset[partitions.Count];
        for (var i = 0; i < partitions.Count; i++)
        {
            Offsets[i] = new Offset(Turns, Chunks, Vectors, Sessions);
            Turns = checked(Turns + partitions[i].TurnCount);
            Chunks = checked(Chunks + partitions[i].ChunkCount);
            Vectors = checked(Vectors + partitions[i].VectorCount);
            Sessions += partitions[i].SessionCount;
            LiveChunks += partitions[i].ChunkCount - (partitions[i].Hidden?.Chunks ?? 0);
            LiveSessions += partitions[i].SessionCount - (partitions[i].Hidden?.Sessions ?? 0);
            TermTotal += partitions[i].TermTotal - (partitions[i].Hidden?.Terms ?? 0);
        }
    }

    /// <summary>A scope without turns.</summary>
    public static readonly RankScope Empty = new([], []);

    public PartitionSnapshot[] Partitions { get; }

    public TurnMask?[] Masks { get; }

    public Offset[] Offsets { get; }

    public int Turns { get; }

    public int Chunks { get; }

    public int Vectors { get; }

    public int Sessions { get; }

    /// <summary>Chunks and sessions that statistics count: the others are hidden.</summary>
    public int LiveChunks { get; }

    public int LiveSessions { get; }

    public long TermTotal { get; }

    public float MeanChunkTerms => LiveChunks == 0 ? 0 : (float)TermTotal / LiveChunks;

    public float MeanSessionTerms => LiveSessions == 0 ? 0 : (float)TermTotal / LiveSessions;

    /// <summary>Chunks that have a term: its document frequency. One ranking at a time.</summary>
    public long CountChunks(ulong term)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out var known);
        if (known)
            return count;
        foreach (var partition in Partitions)
            count += partition.CountChunks(term);
        return count;
    }

    internal readonly record struct Offset(int Turns, int Chunks, int Vectors, int Sessions);
}
