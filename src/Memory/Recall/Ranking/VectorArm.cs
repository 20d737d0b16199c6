using System.Numerics;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>Cosine of the query with every vector of the scope: exact integer dot products, scaled once.</summary>
internal static class VectorArm
{
    /// <summary>Writes <see cref="RankScratch.Cosines"/>, one for each vector, −1..1 up to rounding.</summary>
    public static void Score(RankScope scope, QueryVector query, RankScratch scratch)
    {
        for (var i = 0; i < scope.Partitions.Length; i++)
        {
            var partition = scope.Partitions[i];
            var cosines = scratch.Cosines.AsSpan(scope.Offsets[i].Vectors, partition.VectorCount);
            for (var from = 0; from < cosines.Length; from += Blocks<sbyte>.BlockRows)
                ScoreBlock(partition, from, query, cosines[from..], scratch.Products);
        }
    }

    private static void ScoreBlock(PartitionSnapshot partition, int from, QueryVector query, Span<float> cosines, int[] room)
    {
        var block = from / Blocks<sbyte>.BlockRows;
        var products = room.AsSpan(0, Math.Min(cosines.Length, Blocks<sbyte>.BlockRows));
        VectorKernel.Dot(partition.Vectors.Block(block), query.Row.Length, query.Row, products);
        var scales = partition.VectorScales.Block(block);
        var i = 0;
        for (; i + Vector<int>.Count <= products.Length; i += Vector<int>.Count)
        {
            var scaled = new Vector<float>(scales[i..]) * query.Scale;
            (Vector.ConvertToSingle(new Vector<int>(products[i..])) * scaled).CopyTo(cosines[i..]);
        }

        for (; i < products.Length; i++)
            cosines[i] = products[i] * (scales[i] * query.Scale);
    }
}

/// <summary>A quantised query, widened and padded for <see cref="VectorKernel"/>.</summary>
internal sealed record QueryVector(short[] Row, float Scale)
{
    /// <summary>The query's vector, or null when the embedder knows nothing in it.</summary>
    public static QueryVector? Of(string query, IEmbedder embedder)
    {
        var vector = new float[embedder.Dimensions];
        return embedder.TryEmbed(query, vector) ? Of(vector) : null;
    }

    public static QueryVector Of(ReadOnlySpan<float> vector)
    {
        var row = new sbyte[vector.Length];
        var scale = VectorKernel.Quantize(vector, row);
        var wide = new short[VectorKernel.StrideOf(vector.Length)];
        for (var i = 0; i < row.Length; i++)
            wide[i] = row[i];
        return new QueryVector(wide, scale);
    }
}
