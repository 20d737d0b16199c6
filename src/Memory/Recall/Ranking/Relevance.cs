using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// How well a turn itself answers the question, on an absolute scale of 0..1, whatever else is in the scope's ranking:
/// 0.6 × the share of the question's idf that the turn's words cover + 0.4 × max(0, cosine). Without a vector, the
/// covered share alone.
/// </summary>
internal static class Relevance
{
    private const double CoverageWeight = 0.6;

    public static double Of(
        PartitionSnapshot partition, int turn, IReadOnlyList<WeightedTerm> terms, RankScope scope, double idfTotal, double? cosine)
    {
        var covered = 0.0;
        foreach (var term in terms)
        {
            if (Says(partition, turn, term.Hash))
                covered += term.Count * (double)Bm25.Idf(scope.LiveChunks, scope.CountChunks(term.Hash));
        }

        return Combine(idfTotal > 0 ? covered / idfTotal : 0, cosine);
    }

    /// <summary>The two parts together, 0..1, rounded to 1e-6.</summary>
    /// <param name="cosine">−1..1, or null without a vector.</param>
    public static double Combine(double coverage, double? cosine)
    {
        var relevance = cosine is null ? coverage : (CoverageWeight * coverage) + ((1 - CoverageWeight) * Math.Clamp(cosine.Value, 0, 1));
        return Math.Round(Math.Clamp(relevance, 0, 1), 6);
    }

    /// <summary>True when a chunk of the turn has the term, its date included.</summary>
    public static bool Says(PartitionSnapshot partition, int turn, ulong term) => Find(partition, turn, term, out _);

    /// <summary>True when a chunk's text has the term.</summary>
    public static bool SaysInText(PartitionSnapshot partition, int turn, ulong term)
    {
        if (!Find(partition, turn, term, out var postings))
            return false;
        var end = partition.ChunksOf(turn).End;
        foreach (var posting in postings)
        {
            if (Posting.ChunkOf(posting) >= end)
                return false;
            if (Posting.TextCountOf(posting) > 0)
                return true;
        }

        return false;
    }

    // The turn's first posting of the term and those after it.
    private static bool Find(PartitionSnapshot partition, int turn, ulong term, out ReadOnlySpan<uint> found)
    {
        var (start, end) = partition.ChunksOf(turn);
        var postings = partition.FindPostings(term);
        found = [];
        int low = 0, high = postings.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Posting.ChunkOf(postings[middle]) < start)
                low = middle + 1;
            else
                high = middle;
        }

        found = postings[low..];
        return low < postings.Length && Posting.ChunkOf(postings[low]) < end;
    }
}
