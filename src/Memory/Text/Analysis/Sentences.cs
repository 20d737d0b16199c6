using System.Buffers;
using System.Globalization;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Where sentences end: after <c>.!?…</c> and the like, and emoji that follow them, when a blank or the text's end comes
/// next; after the full stops of scripts without blanks in any case; and at line breaks. A closing quote or bracket hides
/// the end before it, and abbreviations are taken for ends: pieces only group sentences. With this rule a replica of the
/// reference ranker gives its golden scores to the last digit.
/// </summary>
internal static class Sentences
{
    private const string EndersBeforeBlank = ".!?…؟۔।॥";
    private const string EndersAlone = "。！？｡．។။";
    private const string LineBreaks = "\n\r\u2028\u2029";
    private const string PhraseEnders = "，、；：";

    private static readonly SearchValues<char> Stops = SearchValues.Create(EndersBeforeBlank + EndersAlone + LineBreaks);
    private static readonly SearchValues<char> Enders = SearchValues.Create(EndersBeforeBlank + EndersAlone);

    /// <summary>Length of the first sentence with the blanks after it; never 0 unless the text is empty.</summary>
    public static int LengthOfFirst(ReadOnlySpan<char> text)
    {
        var position = 0;
        while (position < text.Length)
        {
            var stop = text[position..].IndexOfAny(Stops);
            if (stop < 0)
                break;
            position += stop;
            var end = SkipEnders(text, position);
            var next = SkipEmoji(text, end);
            if (end == position || EndersAlone.Contains(text[end - 1]) || next == text.Length || char.IsWhiteSpace(text[next]))
                return SkipBlanks(text, next);
            position = end;
        }

        return text.Length;
    }

    /// <summary>
    /// Length up to the first comma of Chinese or Japanese, or the first blank after a letter of Thai, Lao, Khmer or
    /// Myanmar, which separate phrases there; the whole length when there is none.
    /// </summary>
    public static int LengthOfFirstPhrase(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            var before = text[i - 1];
            var isEnd = PhraseEnders.Contains(before)
                || (char.IsWhiteSpace(text[i]) && Scripts.StyleOf(before) == WordStyle.SoutheastAsian);
            if (isEnd)
                return SkipBlanks(text, i);
        }

        return text.Length;
    }

    private static int SkipEnders(ReadOnlySpan<char> text, int position)
    {
        var rest = text[position..].IndexOfAnyExcept(Enders);
        return rest < 0 ? text.Length : position + rest;
    }

    private static int SkipEmoji(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && IsPartOfEmoji(text[position]))
            position++;
        return position;
    }

    private static bool IsPartOfEmoji(char unit) => unit >= 0x80 && CharUnicodeInfo.GetUnicodeCategory(unit)
        is UnicodeCategory.OtherSymbol or UnicodeCategory.Surrogate or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark;

    private static int SkipBlanks(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
        return position;
    }
}
