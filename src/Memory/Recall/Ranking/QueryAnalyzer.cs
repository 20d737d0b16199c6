using MemoryOrleans.Embeddings;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>Makes a question ready for ranking: weighted terms in its own order, its vector, and whom it is about.</summary>
internal sealed class QueryAnalyzer(IEmbedder embedder)
{
    public RankQuery Analyze(string query, RankScope scope)
    {
        var tokens = Tokenize(query);
        return new RankQuery(
            TermsOf(query), QueryVector.Of(query, embedder), SubjectPolicy.Decide(tokens, scope.Partitions, Tokenize))
        {
            Quote = QuoteQuery.Of(query),
        };
    }

    /// <summary>A text's terms in its own order, each with how often it is said.</summary>
    internal static List<WeightedTerm> TermsOf(string query)
    {
        var terms = new List<WeightedTerm>();
        foreach (var term in new TextAnalyzer().QueryAnalyzer(query))
        {
            var known = terms.FindIndex(each => each.Hash == term.Hash);
            if (known < 0)
                terms.Add(new WeightedTerm(term.Text, term.Hash, 1));
            else
                terms[known] = terms[known] with { Count = terms[known].Count + 1 };
        }

        return terms;
    }

    private static List<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        foreach (var token in new Tokenizer().Tokenize(text))
            tokens.Add(token.ToString());
        return tokens;
    }
}
