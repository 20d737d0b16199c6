using System.Globalization;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Updates;

/// <summary>A word, a number or a mark of a sentence.</summary>
/// <param name="Raw">In lower case, accents kept.</param>
/// <param name="Folded">In lower case without accents.</param>
/// <param name="IsWord">False for a mark.</param>
/// <param name="IsAtStart">At most one letter stands before it.</param>
internal readonly record struct SentenceToken(string Raw, string Folded, bool IsCapital, bool IsWord, bool IsAtStart)
{
    public bool HasDigit => Folded.AsSpan().ContainsAnyInRange('0', '9');
}

/// <summary>
/// Cuts a sentence into tokens: contractions apart (<c>do n't</c>, <c>i 'm</c>, <c>j' ai</c>), clitics of Portuguese apart,
/// values whole (<c>9:30</c>, <c>555-0101</c>, <c>ana@mail.org</c>). One pass; what is beyond the limit is not read.
/// </summary>
internal static class CutTokens
{
    /// <summary>Tokens of a sentence that are looked at; longer sentences state nothing that these rules could compare.</summary>
    public const int TokensMax = 96;

    private static readonly string[] Marks = [.. Enumerable.Range(0, 128).Select(static code => ((char)code).ToString())];

    /// <param name="pool">Where its words are looked up; null: each is a string of its own.</param>
    public static List<SentenceToken> Of(string text, WordPool? pool = null)
    {
        var tokens = new List<SentenceToken>();
        for (var i = 0; i < text.Length && tokens.Count < TokensMax;)
        {
            if (IsInner(text[i]))
            {
                var end = EndOfWord(text, i);
                AddWord(text, i, end, tokens, pool);
                i = end;
            }
            else
            {
                if (!char.IsWhiteSpace(text[i]))
                    tokens.Add(new SentenceToken(MarkOf(text[i]), MarkOf(text[i]), IsCapital: false, IsWord: false, IsAtStart: i <= 1));
                i++;
            }
        }

        tokens.TrimExcess();
        return tokens;
    }

    public static string Fold(string lower) => FoldAccents.Fold(lower);

    private static int EndOfWord(string text, int start)
    {
        const int longest = 64;
        var i = start + 1;
        while (i < text.Length && i - start < longest && (IsInner(text[i]) || (IsJoint(text[i]) && i + 1 < text.Length && Joins(text, i))))
            i++;
        return i;
    }

    private static bool IsInner(char letter) =>
        char.IsLetterOrDigit(letter) || letter is '$' or '€' or '£' or '%' or '_' || char.IsSurrogate(letter)
        || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;

    private static bool IsJoint(char letter) => letter is '-' or '\'' or '’' or ':' or '.' or ',' or '@' or '/' or '+';

    private static bool Joins(string text, int at)
    {
        var (before, after) = (text[at - 1], text[at + 1]);
        return text[at] switch
        {
            ':' or ',' or '/' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            '.' => char.IsLetterOrDigit(after) && char.IsLetterOrDigit(before) && (char.IsAsciiDigit(before) || char.IsLower(after)),
            _ => char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after),
        };
    }

    private static void AddWord(string text, int start, int end, List<SentenceToken> tokens, WordPool? pool)
    {
        var word = text[start..end];
        var mark = word.AsSpan().IndexOfAny('\'', '’');
        if (mark > 0)
        {
            var cut = char.ToLowerInvariant(word[mark - 1]) == 'n' && mark + 2 == word.Length && char.ToLowerInvariant(word[^1]) == 't'
                ? mark - 1
                : mark <= 2 && word.Length - mark > 2 && !IsEnglishEnd(word.AsSpan(mark + 1)) ? mark + 1 : mark;
            if (cut > 0)
            {
                Add(text, start, start + cut, tokens, pool);
                Add(text, start + cut, end, tokens, pool);
                return;
            }
        }

        var dash = word.LastIndexOf('-');
        if (dash > 0 && word[(dash + 1)..] is "me" or "se" or "te" or "lhe" or "nos")
            end = start + dash;
        Add(text, start, end, tokens, pool);
    }

    // "I've", "we'll" against "j'ai", "l'eau".
    private static bool IsEnglishEnd(ReadOnlySpan<char> end) =>
        end.Equals("ve", StringComparison.OrdinalIgnoreCase) || end.Equals("ll", StringComparison.OrdinalIgnoreCase)
        || end.Equals("re", StringComparison.OrdinalIgnoreCase);

    private static void Add(string text, int start, int end, List<SentenceToken> tokens, WordPool? pool)
    {
        var raw = text[start..end].ToLowerInvariant().Replace('’', '\'');
        if (pool is not null)
            raw = pool.Of(raw);
        var folded = Fold(raw);
        tokens.Add(new SentenceToken(raw, pool is null || ReferenceEquals(folded, raw) ? folded : pool.Of(folded),
            char.IsUpper(text[start]), IsWord: true, IsAtStart: start <= 1));
    }

    private static string MarkOf(char mark) => mark switch
    {
        '，' or '、' => ",",
        '—' or '–' => "-",
        '’' => "'",
        _ => mark < Marks.Length ? Marks[mark] : mark.ToString(),
    };
}
