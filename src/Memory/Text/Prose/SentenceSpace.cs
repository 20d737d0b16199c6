using System.Runtime.InteropServices;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// Texts of one run as tf-idf vectors of stemmed terms and as static word vectors, so that any two compare. idf is that of
/// BM25 over these texts: ln(1 + (N − df + 0.5) / (df + 0.5)).
/// </summary>
internal sealed class SentenceSpace
{
    /// <summary>How much of a similarity the words make; the rest the vectors.</summary>
    private const double LexicalShare = 0.6;

    private readonly (int Term, double Weight)[][] terms;
    private readonly float[]?[] vectors;

    public SentenceSpace(IReadOnlyList<string> texts, IEmbedder embedder)
    {
        var analyzer = new TextAnalyzer();
        var ids = new Dictionary<ulong, int>();
        var frequencies = new List<int>();
        var counts = new SortedDictionary<int, int>[texts.Count];
        var hashes = new List<ulong>();
        vectors = new float[]?[texts.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            hashes.Clear();
            analyzer.Analyze(texts[i], hashes);
            counts[i] = Count(hashes, ids, frequencies);
            var vector = new float[embedder.Dimensions];
            vectors[i] = embedder.TryEmbed(texts[i], vector) ? vector : null;
        }

        terms = [.. counts.Select(count => Weigh(count, frequencies, texts.Count))];
    }

    /// <summary>0..1; 1 for a text with itself, when it has words.</summary>
    public double Similarity(int a, int b) => Combine(Lexical(terms[a], terms[b]), vectors[a], vectors[b]);

    /// <summary>Similarity of two runs of texts, each taken together.</summary>
    public double Similarity(Range a, Range b) => Combine(Lexical(SumTerms(a), SumTerms(b)), SumVectors(a), SumVectors(b));

    private static double Combine(double lexical, float[]? a, float[]? b) =>
        a is null || b is null ? lexical : (LexicalShare * lexical) + ((1 - LexicalShare) * Math.Max(0, Cosine(a, b)));

    private static SortedDictionary<int, int> Count(List<ulong> hashes, Dictionary<ulong, int> ids, List<int> frequencies)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (var hash in hashes)
        {
            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, hash, out var isKnown);
            if (!isKnown)
            {
                id = frequencies.Count;
                frequencies.Add(0);
            }

            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        foreach (var id in counts.Keys)
            frequencies[id]++;
        return counts;
    }

    private static (int, double)[] Weigh(SortedDictionary<int, int> counts, List<int> frequencies, int texts) =>
        Normalize([.. counts.Select(pair =>
        (pair.Key, pair.Value * Math.Log(1 + ((texts - frequencies[pair.Key] + 0.5) / (frequencies[pair.Key] + 0.5)))))]);

    private static (int Term, double Weight)[] Normalize((int Term, double Weight)[] weights)
    {
        var length = Math.Sqrt(weights.Sum(static pair => pair.Weight * pair.Weight));
        return length <= 0 ? [] : [.. weights.Select(pair => (pair.Term, pair.Weight / length))];
    }

    private static double Lexical((int Term, double Weight)[] a, (int Term, double Weight)[] b)
    {
        var (sum, i, j) = (0.0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (a[i].Term == b[j].Term)
                sum += a[i++].Weight * b[j++].Weight;
            else if (a[i].Term < b[j].Term)
                i++;
            else
                j++;
        }

        return Math.Min(1, sum);
    }

    private static double Cosine(float[] a, float[] b)
    {
        var (dot, squaresA, squaresB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            dot += a[i] * (double)b[i];
            squaresA += a[i] * (double)a[i];
            squaresB += b[i] * (double)b[i];
        }

        return squaresA <= 0 || squaresB <= 0 ? 0 : Math.Min(1, dot / Math.Sqrt(squaresA * squaresB));
    }

    private (int Term, double Weight)[] SumTerms(Range texts)
    {
        var sums = new SortedDictionary<int, double>();
        foreach (var text in terms[texts])
        {
            foreach (var (term, weight) in text)
                sums[term] = sums.GetValueOrDefault(term) + weight;
        }

        return Normalize([.. sums.Select(static pair => (pair.Key, pair.Value))]);
    }

    private float[]? SumVectors(Range texts)
    {
        float[]? sum = null;
        foreach (var vector in vectors[texts])
        {
            if (vector is null)
                continue;
            sum ??= new float[vector.Length];
            for (var i = 0; i < sum.Length; i++)
                sum[i] += vector[i];
        }

        return sum;
    }
}
