using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// How well a turn itself answers the question, on an absolute scale of 0..1, whatever else is in the scope's ranking:
/// 0.6 × words + 0.4 × meaning (docs/ranking.md). Words: what the turn says of the question's terms, as a share of its three
/// weightiest, so that a long question asks for no more than a short one; 1 where the question says all that the turn says, or has a
/// name of the document whole.
/// Meaning: the encoder's cosine, or that of the word vectors; without a vector, the words alone.
/// </summary>
internal static class Relevance
{
    private const double WordsWeight = 0.6;

    // A name of who speaks, or what only says how to answer, counts for little.
    private const double Filler = 0.3;

    // Of so many terms a turn has to say the weight.
    private const int TermsAsked = 3;

    // Cosines of unrelated and of the closest texts: of word vectors up to 0 and from 0.8, of the encoder up to 0.1 and from 0.7.
    private const double StaticGreatest = 0.8;
    private const double EncoderLeast = 0.1;
    private const double EncoderGreatest = 0.7;

    /// <summary>What a term of the question weighs.</summary>
    public static double WeightOf(WeightedTerm term, RankScope scope, IReadOnlySet<ulong>? fillers) =>
        term.Count * (double)Bm25.Idf(scope.LiveChunks, scope.CountChunks(term.Hash)) * (fillers?.Contains(term.Hash) == true ? Filler : 1);

    /// <summary>The weight that a turn has to say to have said all that is asked.</summary>
    public static double AskedOf(IEnumerable<double> weights) => weights.OrderDescending().Take(TermsAsked).Sum();

    /// <param name="weights">Of the question's terms, in their order (<see cref="WeightOf"/>).</param>
    /// <param name="asked">Of those weights (<see cref="AskedOf"/>).</param>
    /// <param name="meaning">0..1, or null without a vector.</param>
    /// <param name="isNamed">Whether the question has a name of the document whole.</param>
    public static double Of(
        PartitionSnapshot partition, int turn, RankQuery query, double[] weights, double asked, double? meaning, bool isNamed)
    {
        if (isNamed)
            return Combine(1, meaning);
        var covered = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (Says(partition, turn, query.Terms[i].Hash))
                covered += weights[i];
        }

        if (asked <= 0)
            return Combine(0, meaning);
        return Combine(covered > 0 && IsSaidByQuestion(partition, turn, query) ? 1 : covered / asked, meaning);
    }

    /// <summary>The two parts together, 0..1, rounded to 1e-6.</summary>
    /// <param name="meaning">0..1, or null without a vector.</param>
    public static double Combine(double words, double? meaning)
    {
        var share = Math.Clamp(words, 0, 1);
        return Math.Round(meaning is null ? share : (WordsWeight * share) + ((1 - WordsWeight) * meaning.Value), 6);
    }

    /// <summary>A cosine of word vectors as a part of the relevance, 0..1.</summary>
    public static double OfStatic(double cosine) => Math.Clamp(cosine / StaticGreatest, 0, 1);

    /// <summary>An encoder's cosine as a part of the relevance, 0..1.</summary>
    public static double OfEncoder(double cosine) => Math.Clamp((cosine - EncoderLeast) / (EncoderGreatest - EncoderLeast), 0, 1);

    // All words that count are the question's, and not only the names of who speaks.
    private static bool IsSaidByQuestion(PartitionSnapshot partition, int turn, RankQuery query)
    {
        var isWeighty = false;
        foreach (var word in partition.WordsOf(turn))
        {
            if (WordCode.IsStopWord(word))
                continue;
            var isAsked = false;
            foreach (var term in query.Terms)
            {
                if (WordCode.OfTerm(term.Hash) != word)
                    continue;
                isAsked = true;
                isWeighty |= query.Fillers?.Contains(term.Hash) != true;
            }

            if (!isAsked)
                return false;
        }

        return isWeighty;
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
