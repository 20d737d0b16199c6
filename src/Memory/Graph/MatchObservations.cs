using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Graph;

/// <summary>
/// Picks the observations that answer a query, by the formula of <see cref="Relevance"/>: 0.6 × the share of the query's idf
/// that the words cover + 0.4 × max(0, cosine) / 0.8. One thread at a time.
/// </summary>
internal sealed class MatchObservations
{
    private readonly IEmbedder embedder;
    private readonly TextAnalyzer analyzer = new();
    private readonly List<ulong> words = [];
    private readonly Dictionary<ulong, double> weights = [];
    private readonly double weightTotal;
    private readonly float[]? question;
    private readonly float[] vector;

    public MatchObservations(IEmbedder embedder, string query, IReadOnlyList<WeightedTerm> terms, RankScope scope)
    {
        this.embedder = embedder;
        foreach (var term in terms)
            weights[term.Hash] = term.Count * (double)Bm25.Idf(scope.LiveChunks, scope.CountChunks(term.Hash));
        weightTotal = weights.Values.Sum();
        vector = new float[embedder.Dimensions];
        var asked = new float[embedder.Dimensions];
        question = embedder.TryEmbed(query, asked) ? asked : null;
    }

    /// <summary>Best first, equals in the order given; only those that have anything to do with the query.</summary>
    public IReadOnlyList<MatchedObservation> Select(IEnumerable<Observation> observations) =>
        observations.Select(observation => new MatchedObservation(observation, RelevanceOf(observation.Content)))
            .Where(static match => match.Relevance > 0)
            .OrderByDescending(static match => match.Relevance)
            .Take(GraphLimits.MatchesShown)
            .ToArray();

    private double RelevanceOf(string content)
    {
        words.Clear();
        analyzer.Analyze(content, words);
        var covered = words.Distinct().Sum(word => weights.GetValueOrDefault(word));
        var coverage = weightTotal > 0 ? covered / weightTotal : 0;
        return Relevance.Combine(coverage, question is null ? null : Relevance.OfStatic(Cosine(content)));
    }

    private double Cosine(string content)
    {
        if (!embedder.TryEmbed(content, vector))
            return 0;
        var product = 0.0;
        for (var i = 0; i < vector.Length; i++)
            product += vector[i] * question![i];
        return product;
    }
}
