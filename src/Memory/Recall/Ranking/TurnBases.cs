using System.Numerics;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// A turn's own score: its best chunk, plus its best vector. Beside a neural model the static vectors speak for those turns only that
/// the model may not have seen yet.
/// </summary>
internal static class TurnBases
{
    /// <summary>Writes a score for each turn of the partition.</summary>
    /// <param name="chunks">BM25 of each chunk, to be multiplied by <paramref name="scale"/>.</param>
    /// <param name="cosines">Of each vector, to be multiplied by <paramref name="weight"/>; empty: vectors say nothing.</param>
    /// <param name="unseenFrom">Turns recorded before it have no vectors here, microseconds since the Unix epoch; null: all have.</param>
    public static void Write(
        PartitionSnapshot partition, ReadOnlySpan<float> chunks, float scale, ReadOnlySpan<float> cosines, float weight, long? unseenFrom,
        Span<float> bases)
    {
        if (unseenFrom is null && chunks.Length == bases.Length)
        {
            // One chunk a turn, as is usual.
            Multiply(chunks, scale, bases);
            if (!cosines.IsEmpty)
                AddVectors(partition, cosines, weight, bases);
            return;
        }

        for (var from = 0; from < bases.Length; from += Blocks<TurnEntry>.BlockRows)
        {
            var rows = partition.Turns.Block(from / Blocks<TurnEntry>.BlockRows);
            var block = bases[from..Math.Min(bases.Length, from + Blocks<TurnEntry>.BlockRows)];
            var details = partition.Details.Block(from / Blocks<TurnEntry>.BlockRows);
            var firsts = partition.FirstVectors.Block(from / Blocks<int>.BlockRows);
            for (var i = 0; i < block.Length; i++)
            {
                var (chunkEnd, vectorEnd) = i + 1 < block.Length
                    ? (rows[i + 1].FirstChunk, firsts[i + 1])
                    : (partition.ChunksOf(from + i).End, partition.VectorsOf(from + i).End);
                var score = Greatest.In(chunks, rows[i].FirstChunk, chunkEnd) * scale;
                if (!cosines.IsEmpty && (unseenFrom is null || details[i].RecordedAt >= unseenFrom))
                    score += weight * Greatest.In(cosines, firsts[i], vectorEnd);
                block[i] = score;
            }
        }
    }

    private static void Multiply(ReadOnlySpan<float> values, float scale, Span<float> products)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
            (new Vector<float>(values[i..]) * scale).CopyTo(products[i..]);
        for (; i < values.Length; i++)
            products[i] = values[i] * scale;
    }

    // Without a look at anything else of the turn.
    private static void AddVectors(PartitionSnapshot partition, ReadOnlySpan<float> cosines, float weight, Span<float> bases)
    {
        for (var from = 0; from < bases.Length; from += Blocks<int>.BlockRows)
        {
            var block = bases[from..Math.Min(bases.Length, from + Blocks<int>.BlockRows)];
            var firsts = partition.FirstVectors.Block(from / Blocks<int>.BlockRows)[..block.Length];
            var start = firsts[0];
            for (var i = 0; i < block.Length; i++)
            {
                var end = i + 1 < firsts.Length ? firsts[i + 1] : partition.VectorsOf(from + i).End;
                block[i] += weight * (end - start is 1 or 2 ? OfTwo(cosines[start], cosines[end - 1]) : Greatest.In(cosines, start, end));
                start = end;
            }
        }
    }

    // Without a branch, which a processor would guess wrongly every other time.
    private static float OfTwo(float first, float last) => float.MaxNative(float.MaxNative(first, last), 0);
}
