using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>Makes a question ready for ranking: weighted terms in its own order, its vector, and whom it is about.</summary>
internal sealed class QueryAnalyzer(IEmbedder embedder)
{
    public RankQuery Analyze(string query, RankScope scope)
    {
        var analyzed = Analyze(query);
        return analyzed with { Subject = FindSubject(query, scope), Fillers = FindFillers(query, analyzed.Terms, scope) };
    }

    /// <summary>What of the question's terms is not its matter; null where nothing else would be left.</summary>
    public static IReadOnlySet<ulong>? FindFillers(string query, IReadOnlyList<WeightedTerm> terms, RankScope scope)
    {
        var text = MeaningQuery.TextOf(query, scope);
        if (text == query)
            return null;
        var kept = TermsOf(text).Select(static term => term.Hash).ToHashSet();
        var fillers = terms.Select(static term => term.Hash).Where(term => !kept.Contains(term)).ToHashSet();
        return fillers.Count == 0 || fillers.Count == terms.Count ? null : fillers;
    }

    /// <summary>What does not depend on the scope: the question is about nobody.</summary>
    /// <param name="days">What it means by "yesterday" and the like.</param>
    public RankQuery Analyze(string query, AskedDays? days = null) =>
        new(TermsOf(days is null or { Words.Length: 0 } ? query : $"{query} {days.Words}"), QueryVector.Of(query, embedder),
        Subject.Nobody) { Quote = QuoteQuery.Of(query), Names = NameKeys.In(query) };

    public static Subject FindSubject(string query, RankScope scope) =>
        SubjectPolicy.Decide(TokenizeQuestion(query), scope.Partitions, Tokenize);

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

    // Who writes with capitals means no one by a "will" without.
    private static List<string> TokenizeQuestion(string query)
    {
        var tokens = Tokenize(query);
        if (!query.Any(char.IsUpper))
            return tokens;
        var named = new NamedStopWords();
        named.Read(query);
        tokens.RemoveAll(token => NamedStopWords.Contains(token) && !named.TakeIsName());
        return tokens;
    }

    private static List<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        foreach (var token in new Tokenizer().Tokenize(text))
            tokens.Add(token.ToString());
        return tokens;
    }
}
