using System.Collections.Frozen;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Stop words that are a month or a name as well ("may", "will"): with a capital inside a sentence they tell texts apart. Where a
/// sentence begins, they are one only before a day of the month ("May 5") or with an 's ("Will's"). Read for one text at a time.
/// </summary>
internal sealed class NamedStopWords
{
    private static readonly string[] Capitals = EmbeddedLines.Read("stopwords-named.txt").ToArray();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        Capitals.Select(static word => word.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> AnyCase =
        Capitals.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    // Of every such word of the text, in its order, whether it is a name; none where no word is.
    private readonly List<bool> names = [];
    private int next;

    /// <summary>Whether a token, as <see cref="Tokenizer"/> yields it, is one of these words at all.</summary>
    public static bool Contains(ReadOnlySpan<char> token) => Words.Contains(token);

    /// <summary>Begins a text. One pass, and next to nothing where none of the words has a capital.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        names.Clear();
        next = 0;
        if (!HasCapital(text))
            return;
        for (var start = 0; start < text.Length; start++)
        {
            if (!char.IsLetterOrDigit(text[start]))
                continue;
            var end = start + 1;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            if (AnyCase.Contains(text[start..end]) && !IsSuffix(text, start))
                names.Add(IsName(text, start, end));
            start = end;
        }
    }

    /// <summary>Whether the next token of the text that is one of these words is a name; asked once for each, in their order.</summary>
    public bool TakeIsName() => next < names.Count && names[next++];

    private static bool HasCapital(ReadOnlySpan<char> text)
    {
        foreach (var word in Capitals)
        {
            if (text.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> text, int start, int end)
    {
        if (!char.IsAsciiLetterUpper(text[start]) || !char.IsAsciiLetterLower(text[start + 1]))
            return false;
        if (end + 1 < text.Length && IsApostrophe(text[end]))
            return text[end + 1] == 's' && (end + 2 == text.Length || !char.IsLetterOrDigit(text[end + 2]));
        return !BeginsSentence(text[..start]) || IsBeforeNumber(text[end..]);
    }

    // What follows an apostrophe is no token of its own.
    private static bool IsSuffix(ReadOnlySpan<char> text, int start) =>
        start > 1 && IsApostrophe(text[start - 1]) && char.IsLetterOrDigit(text[start - 2]);

    private static bool BeginsSentence(ReadOnlySpan<char> before)
    {
        for (var i = before.Length - 1; i >= 0; i--)
        {
            var letter = before[i];
            if (char.IsLetterOrDigit(letter) || letter is ',' or '%' or ')')
                return false;
            if (letter is '.' or '!' or '?' or ':' or ';' or '…' or '\n')
                return true;
        }

        return true;
    }

    private static bool IsBeforeNumber(ReadOnlySpan<char> after) => after.TrimStart(' ') is [>= '0' and <= '9', ..] && after[0] == ' ';

    private static bool IsApostrophe(char letter) => letter is '\'' or '’';
}
