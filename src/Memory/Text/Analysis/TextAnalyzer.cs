namespace MemoryOrleans.Text.Analysis;

/// <summary>A term of a query: as it is shown to explain a match, and as the index knows it.</summary>
public readonly record struct QueryTerm(string Text, ulong Hash);

/// <summary>
/// Text to terms, for turns and queries alike: tokens, less stop words (but for those that are names where they stand), irregular forms
/// folded, less stop words again, stemmed. Terms come in the order of the text and repeat as it does. Holds scratch: one thread at a time.
/// </summary>
public sealed class TextAnalyzer
{
    private readonly Tokenizer tokenizer = new();
    private readonly NamedStopWords named = new();
    private readonly char[] irregular = new char[32];

    /// <summary>Appends the hashes of a text's terms. Allocates nothing once its scratch has grown to the text.</summary>
    public void Analyze(ReadOnlySpan<char> text, List<ulong> into)
    {
        named.Read(text);
        foreach (var token in tokenizer.Tokenize(text))
        {
            var term = TermOf(token);
            if (!term.IsEmpty)
                into.Add(TermHash.Of(term));
        }
    }

    /// <summary>
    /// Appends the hashes of a text's terms, and calls <paramref name="said"/> with every word in its order: a stop word's text,
    /// or a term's hash. Of ideographs only the pairs are words.
    /// </summary>
    internal void Analyze(ReadOnlySpan<char> text, List<ulong> into, ISaidWords said)
    {
        named.Read(text);
        foreach (var token in tokenizer.Tokenize(text))
        {
            var term = TermOf(token, out var stop);
            if (term.IsEmpty)
            {
                said.AddStopWord(stop);
                continue;
            }

            var hash = TermHash.Of(term);
            into.Add(hash);
            if (!IsOneIdeograph(token))
                said.AddTerm(hash);
        }
    }

    /// <summary>The terms of a query, with their text.</summary>
    public IReadOnlyList<QueryTerm> QueryAnalyzer(ReadOnlySpan<char> query)
    {
        var terms = new List<QueryTerm>();
        named.Read(query);
        foreach (var token in tokenizer.Tokenize(query))
        {
            var term = TermOf(token);
            if (!term.IsEmpty)
                terms.Add(new QueryTerm(term.ToString(), TermHash.Of(term)));
        }

        return terms;
    }

    /// <summary>The term of a token, in the token's place or in scratch; empty for a stop word.</summary>
    private ReadOnlySpan<char> TermOf(Span<char> token) => TermOf(token, out _);

    private ReadOnlySpan<char> TermOf(Span<char> token, out ReadOnlySpan<char> stop)
    {
        stop = token;
        if (StopWords.Contains(token))
            return NamedStopWords.Contains(token) && named.TakeIsName() ? token : [];
        if (IrregularForms.TryFold(token, out var folded))
        {
            stop = folded;
            if (StopWords.Contains(folded))
                return [];
            token = irregular.AsSpan(0, folded.Length);
            folded.CopyTo(token);
        }

        return token[..Porter2Stemmer.Stem(token)];
    }

    private static bool IsOneIdeograph(ReadOnlySpan<char> token) =>
        token[0] >= 0x80 && Scripts.IsHan(token[0]) && token.Length == (Scripts.StartsHanPair(token[0]) ? 2 : 1);
}

/// <summary>Takes a text's words in their order.</summary>
internal interface ISaidWords
{
    void AddStopWord(ReadOnlySpan<char> word);

    void AddTerm(ulong hash);
}
