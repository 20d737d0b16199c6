using System.Globalization;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// Runs of capitalised words in a text, in one pass: <c>Anna-Lena</c>, <c>University of Bergen</c>, <c>Brandt &amp; Oxley</c>,
/// <c>Mina's Café</c>, <c>Merlin 4.2</c>, with the possessive that may follow them.
/// </summary>
internal static class CapitalisedRuns
{
    private static readonly string[] Particles = ["of", "de", "van", "von", "der", "la", "del", "di", "al", "bin", "&"];

    /// <summary>Where each run stands, without overlaps, in order.</summary>
    public static IEnumerable<Range> In(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsUpper(text[i]) || (i > 0 && IsOfWord(text[i - 1])))
                continue;
            var end = EndOfRun(text, i);
            yield return i..end;
            i = end - 1;
        }
    }

    private static int EndOfRun(string text, int start)
    {
        var end = EndOfWord(text, start);
        while (EndOfNextPart(text, end) is { } next)
            end = next;
        return IsPossessive(text, end) ? end + 2 : end;
    }

    /// <summary>
    /// Where the part after a position ends: another word with what joins it, or a version's number; null when the run ends.
    /// </summary>
    private static int? EndOfNextPart(string text, int at)
    {
        if (at == text.Length)
            return null;
        if (text[at] is '\'' or '’' or '-' or '.' or '+' && StartsWord(text, at + 1))
            return EndOfWord(text, at + 1);
        if (char.IsWhiteSpace(text[at]))
        {
            foreach (var particle in Particles)
            {
                var after = at + 1 + particle.Length;
                if (after < text.Length && char.IsWhiteSpace(text[after]) && StartsWord(text, after + 1)
                    && text.AsSpan(at + 1).StartsWith(particle, StringComparison.Ordinal))
                    return EndOfWord(text, after + 1);
            }

            if (StartsWord(text, at + 1))
                return EndOfWord(text, at + 1);
        }

        if (StartsWord(text, at))
            return EndOfWord(text, at);
        if (IsPossessive(text, at) && at + 3 < text.Length && char.IsWhiteSpace(text[at + 2]) && char.IsUpper(text[at + 3]))
            return EndOfWord(text, at + 3);
        return char.IsWhiteSpace(text[at]) ? EndOfVersion(text, at + 1) : null;
    }

    /// <summary>A capital, but for the word "I".</summary>
    private static bool StartsWord(string text, int at) =>
        at < text.Length && char.IsUpper(text[at]) && (text[at] != 'I' || (at + 1 < text.Length && IsOfWord(text[at + 1])));

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && IsOfWord(text[at]))
            at++;
        return at;
    }

    /// <summary>Digits in two or more groups with points between them; null when there are none.</summary>
    private static int? EndOfVersion(string text, int at)
    {
        var end = EndOfDigits(text, at);
        if (end == at)
            return null;
        int? whole = null;
        while (end < text.Length && text[end] == '.' && EndOfDigits(text, end + 1) is var next && next > end + 1)
            whole = end = next;
        return whole;
    }

    private static int EndOfDigits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    private static bool IsPossessive(string text, int at) => at + 1 < text.Length && text[at] is '\'' or '’' && text[at + 1] == 's';

    private static bool IsOfWord(char letter) =>
        char.IsLetterOrDigit(letter) || char.IsNumber(letter) || CharUnicodeInfo.GetUnicodeCategory(letter)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
