namespace MemoryOrleans.Redaction.Rules;

/// <summary>
/// Groups of digits with single signs between them, as telephone numbers are written: at most eighteen digits in ten groups.
/// </summary>
internal sealed class DigitGroups
{
    private const int DigitsMax = 18;
    private const int GroupsMax = 10;

    private readonly List<(string Digits, char Before, int End)> groups = [];

    public bool HasPlus { get; private init; }

    /// <summary>True when the first group stands between brackets, or begins behind one.</summary>
    public bool HasBracket { get; private init; }

    public int Count => groups.Count;

    /// <summary>None when the place begins no number.</summary>
    public static DigitGroups Read(ScannedText text, int at)
    {
        var read = new DigitGroups { HasPlus = text[at] == '+', HasBracket = text[at] == '(' };
        at = read.HasPlus || read.HasBracket ? at + 1 : at;
        var (before, digits) = ('\0', 0);
        while (read.groups.Count < GroupsMax && text.IsDigit(at))
        {
            var end = text.EndOf(at, char.IsAsciiDigit, DigitsMax + 1);
            digits += end - at;
            if (digits > DigitsMax)
                break;
            read.groups.Add((text.Cut(at, end), before, end));
            (at, before) = SkipSigns(text, end);
            if (at == end)
                break;
        }

        return read;
    }

    /// <summary>Where the text goes on after so many groups.</summary>
    public int EndOf(int count) => groups[count - 1].End;

    public string this[int group] => groups[group].Digits;

    public int DigitsOf(int count)
    {
        var digits = 0;
        for (var i = 0; i < count; i++)
            digits += groups[i].Digits.Length;
        return digits;
    }

    /// <summary>The sign between all of the first groups; NUL when they have different ones.</summary>
    public char SignOf(int count)
    {
        for (var i = 2; i < count; i++)
        {
            if (groups[i].Before != groups[1].Before)
                return '\0';
        }

        return count > 1 ? groups[1].Before : '\0';
    }

    public bool HasSign(char sign, int count)
    {
        for (var i = 1; i < count; i++)
        {
            if (groups[i].Before == sign)
                return true;
        }

        return false;
    }

    public bool HasLengths(ReadOnlySpan<int> lengths, int from, int count)
    {
        if (count - from != lengths.Length)
            return false;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (groups[from + i].Digits.Length != lengths[i])
                return false;
        }

        return true;
    }

    // One of " ", "-", ".", "/", " - ", " (0) " in its parts; the place stays where it is when no digit follows.
    private static (int At, char Sign) SkipSigns(ScannedText text, int at)
    {
        var start = at;
        var sign = '\0';
        for (var signs = 0; signs < 3 && text[at] is ' ' or '-' or '.' or '/' or '(' or ')' or '\u00a0' or '–'; signs++)
        {
            if (sign is '\0' or ' ' or ')' || text[at] is not ' ')
                sign = text[at] switch { '\u00a0' => ' ', '–' => '-', var other => other };
            at++;
        }

        return text.IsDigit(at) ? (at, sign) : (start, '\0');
    }
}
