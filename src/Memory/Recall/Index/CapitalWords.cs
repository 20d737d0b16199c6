using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Index;

/// <summary>The beginnings of a text's words with a capital, by which a name is found that a question writes short.</summary>
internal sealed class CapitalWords
{
    /// <summary>Letters that a short form has at least.</summary>
    public const int BeginningMin = 4;

    // A short form leaves off two letters or more; one less is a slip, and found as such.
    private const int LettersMin = BeginningMin + 2;
    private const int LettersMax = 24;
    private const int WordsMax = 64;

    private readonly TextAnalyzer analyzer = new();
    private readonly FoldText fold = new();
    private readonly List<ulong> terms = [];
    private readonly List<(ulong, ulong)> found = [];
    private readonly HashSet<ulong> seen = [];

    /// <summary>Each beginning, as the hash of its folded letters, with the word's term; of a text's first words only.</summary>
    public (ulong Beginning, ulong Term)[] Find(ReadOnlySpan<char> text)
    {
        found.Clear();
        seen.Clear();
        for (var at = 0; at < text.Length && seen.Count < WordsMax;)
        {
            if (!char.IsLetter(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && char.IsLetter(text[at]))
                at++;
            if (at - start is >= LettersMin and <= LettersMax && char.IsUpper(text[start]))
                Add(text[start..at]);
        }

        return found.Count == 0 ? [] : [.. found];
    }

    private void Add(ReadOnlySpan<char> word)
    {
        terms.Clear();
        analyzer.Analyze(word, terms);
        if (terms is not [var term] || !seen.Add(term))
            return;
        var folded = fold.Fold(word);
        for (var length = BeginningMin; length < folded.Length - 1; length++)
            found.Add((TermHash.Of(folded[..length]), term));
    }
}
