using System.Collections.Frozen;

namespace MemoryOrleans.Text.Analysis;

/// <summary>English words too common to tell texts apart.</summary>
public static class StopWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        EmbeddedLines.Read("stopwords.txt").ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a token, as <see cref="Tokenizer"/> yields it, is one.</summary>
    public static bool Contains(ReadOnlySpan<char> token) => Words.Contains(token);
}

/// <summary>English forms that no stemmer brings together (went, go), and a few synonyms said in talk (dad, father).</summary>
public static class IrregularForms
{
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Forms =
        EmbeddedLines.Read("irregular.txt")
            .Select(static line => line.Split(' '))
            .ToFrozenDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The form that stands for this one; false when it stands for itself.</summary>
    public static bool TryFold(ReadOnlySpan<char> token, out string folded)
    {
        if (Forms.TryGetValue(token, out var found))
        {
            folded = found;
            return true;
        }

        folded = "";
        return false;
    }
}
