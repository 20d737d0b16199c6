using System.Buffers;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>An e-mail address, in the form in which people have one: no quoted names, and a domain of at least two parts.</summary>
internal sealed class EmailRule : IRedactionRule
{
    private const int TopMin = 2;

    public SearchValues<char> Starts { get; } = SearchValues.Create("@");

    public TextSpan Match(ScannedText text, int at)
    {
        var end = FindDomainEnd(text, at + 1);
        if (end == 0)
            return default;
        var start = at;
        while (start > text.Floor && IsLocal(text[start - 1]))
            start--;
        while (start < at && !text.IsWord(start))
            start++;
        return start < at ? new TextSpan(start, end) : default;
    }

    /// <summary>The end of the longest domain that begins there; 0 when there is none.</summary>
    private static int FindDomainEnd(ScannedText text, int at)
    {
        var (best, parts) = (0, 0);
        while (text.IsWord(at))
        {
            var start = at;
            var letters = text.EndOf(at, ScannedText.IsLetter);
            if (parts > 0 && letters - start >= TopMin && !text.IsWord(letters))
                best = letters;
            at = text.EndOf(letters, static c => ScannedText.IsOfWord(c) || c == '-');
            if (text[at] != '.' || text[at - 1] == '-')
                break;
            parts++;
            at++;
        }

        return best;
    }

    private static bool IsLocal(char c) => ScannedText.IsOfWord(c) || c is '.' or '_' or '%' or '+' or '-';
}
