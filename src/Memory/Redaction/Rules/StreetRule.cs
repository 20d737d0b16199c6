using System.Buffers;
using System.Collections.Frozen;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// A street with a house number, in the orders in which languages write them (streets.txt), with the postal code and the town
/// after it where they follow at once. Conservative: what is no kind of street by its word is no address.
/// </summary>
internal sealed class StreetRule : IRedactionRule
{
    private const int WordMax = 40;
    private const int WordsMax = 6;
    private const int HouseDigitsMax = 5;
    private const int StemMin = 3;

    private static readonly FrozenSet<string> AfterNumber = Words("after-number");
    private static readonly FrozenSet<string> AfterNumberFirst = Words("after-number-first");
    private static readonly FrozenSet<string> BeforeNumber = Words("before-number");
    private static readonly FrozenSet<string> Links = Words("link");
    private static readonly FrozenSet<string> NumberSigns = Words("number-sign");
    private static readonly string[] Endings = RuleFile.ReadWords("streets", "ending");

    public SearchValues<char> Starts { get; } =
        SearchValues.Create([.. Enumerable.Range(0, 0x0500).Select(static c => (char)c).Where(char.IsLetterOrDigit)]);

    public TextSpan Match(ScannedText text, int at)
    {
        if (!text.IsEdge(at))
            return default;
        var street = text.IsDigit(at) ? FindNumberFirst(text, at) : FindNameFirst(text, at);
        return street == 0 ? default : new TextSpan(at, Town.EndAfter(text, street));
    }

    // "12 Main Street", "12 bis, rue de la Paix".
    private static int FindNumberFirst(ScannedText text, int at)
    {
        var number = EndOfHouseNumber(text, at);
        if (number == 0 || text[at - 1] is '.' or ',' or ':' or '/' or '-')
            return 0;
        var start = SkipComma(text, number);
        if (start == number)
            return 0;
        var word = ReadWord(text, start);
        if (word.Lower is "bis" or "ter" or "quater")
            word = ReadWord(text, SkipComma(text, word.End));
        return AfterNumberFirst.Contains(word.Lower) ? EndOfName(text, word.End) : FindKind(text, word);
    }

    // Capitalised words, the last of which says that it is a street.
    private static int FindKind(ScannedText text, Word word)
    {
        for (var words = 0; words < WordsMax && word.IsName; words++)
        {
            if (text[word.End] == '.')
                word = word with { End = word.End + 1 };
            if (text[word.End] != ' ')
                return 0;
            var next = ReadWord(text, word.End + 1);
            if (AfterNumber.Contains(next.Lower))
                return next.End;
            word = next;
        }

        return 0;
    }

    // "Hauptstraße 5", "Lange Str. 5", "Calle de Alcalá, 48".
    private static int FindNameFirst(ScannedText text, int at)
    {
        var word = ReadWord(text, at);
        if (word.Length == 0)
            return 0;
        if (BeforeNumber.Contains(word.Lower) && FindNamedNumber(text, word) is > 0 and var named)
            return named;
        if (!word.IsName)
            return 0;
        if (HasEnding(word.Lower))
            return FindHouseAfter(text, word.End);
        var next = text[word.End] == ' ' ? ReadWord(text, word.End + 1) : default;
        return next.Length > 0 && Endings.Contains(next.Lower) ? FindHouseAfter(text, next.End) : 0;
    }

    private static bool HasEnding(string lower)
    {
        foreach (var ending in Endings)
        {
            if (lower.Length >= ending.Length + StemMin && lower.EndsWith(ending, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static int FindNamedNumber(ScannedText text, Word kind)
    {
        var end = EndOfName(text, text[kind.End] == '.' ? kind.End + 1 : kind.End);
        return end == 0 ? 0 : FindHouseAfter(text, end);
    }

    private static int FindHouseAfter(ScannedText text, int at)
    {
        if (text[at] == '.')
            at++;
        var start = SkipComma(text, at);
        if (start == at)
            return 0;
        var sign = ReadWord(text, start);
        if (NumberSigns.Contains(sign.Lower))
            start = SkipComma(text, text[sign.End] is '.' or '°' ? sign.End + 1 : sign.End);
        return text.IsDigit(start) ? EndOfHouseNumber(text, start) : 0;
    }

    /// <summary>The end of the last capitalised word of a name that may have little words in it; 0 when there is none.</summary>
    private static int EndOfName(ScannedText text, int at)
    {
        var end = 0;
        for (var words = 0; words < WordsMax && text[at] == ' '; words++)
        {
            var word = ReadWord(text, at + 1);
            if (word.IsName)
                end = word.End;
            else if (!Links.Contains(word.Lower))
                break;
            at = word.End;
        }

        return end;
    }

    // "5", "12a", "12-14", "12/3"; 0 when it is no such number.
    private static int EndOfHouseNumber(ScannedText text, int at)
    {
        var end = text.EndOf(at, char.IsAsciiDigit, HouseDigitsMax + 1);
        if (end == at || end - at > HouseDigitsMax)
            return 0;
        if (char.IsAsciiLetter(text[end]) && !text.IsWord(end + 1))
            return end + 1;
        if (text.IsWord(end))
            return 0;
        var second = text[end] is '-' or '/' or '–' ? text.EndOf(end + 1, char.IsAsciiDigit, HouseDigitsMax + 1) : end;
        return second > end + 1 && second - end <= HouseDigitsMax && !text.IsWord(second) ? second : end;
    }

    private static int SkipComma(ScannedText text, int at)
    {
        var comma = text[at] == ',' ? at + 1 : at;
        return text[comma] == ' ' ? comma + 1 : comma;
    }

    private static Word ReadWord(ScannedText text, int at)
    {
        var end = text.EndOf(at, static c => ScannedText.IsOfWord(c) || c is '-' or '\'' or '’', WordMax);
        end = text.Trim(at, end);
        return end == at || text.IsWord(end) ? default : new Word(at, end, text.Cut(at, end));
    }

    private static FrozenSet<string> Words(string heading) => RuleFile.ReadWords("streets", heading).ToFrozenSet(StringComparer.Ordinal);

    private readonly record struct Word(int Start, int End, string Text)
    {
        public int Length => End - Start;

        public string Lower => Text?.ToLowerInvariant() ?? string.Empty;

        /// <summary>Capitalised, or counted ("5th").</summary>
        public bool IsName => Length > 0 && (char.IsUpper(Text[0]) || (char.IsAsciiDigit(Text[0]) && char.IsLetter(Text[^1])));
    }
}
