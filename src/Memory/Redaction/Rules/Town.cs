namespace MemoryOrleans.Redaction.Rules;

/// <summary>What of an address stands behind the street: a flat, the postal code, the town.</summary>
internal static class Town
{
    private const int FarMax = 64;
    private const int TownWordsMax = 2;

    /// <summary>The end of the address whose street ends there.</summary>
    public static int EndAfter(ScannedText text, int street) =>
        Math.Max(EndOfCodeFirst(text, street), EndOfCodeLast(text, street));

    // ", 10115 Berlin", ", 1012 AB Amsterdam".
    private static int EndOfCodeFirst(ScannedText text, int street)
    {
        var at = text.EndOf(street, static c => c is ',' or ' ' or '\n', 3);
        var end = text.EndOf(at, char.IsAsciiDigit, 6);
        if (at == street || end - at is < 4 or > 5 || text.IsWord(end))
            return street;
        if (text[end] == ' ' && char.IsAsciiLetterUpper(text[end + 1]) && char.IsAsciiLetterUpper(text[end + 2]) && !text.IsWord(end + 3))
            end += 3;
        for (var words = 0; words < TownWordsMax && text[end] == ' ' && char.IsUpper(text[end + 1]); words++)
        {
            var word = text.EndOf(end + 1, static c => ScannedText.IsLetter(c) || c == '-', FarMax);
            word = text.Trim(end + 1, word);
            if (text.IsWord(word))
                break;
            end = word;
        }

        return end;
    }

    // ", Apt 4B, Springfield, IL 62704", ", London SW1A 2AA".
    private static int EndOfCodeLast(ScannedText text, int street)
    {
        var most = Math.Min(text.Length, street + FarMax);
        for (var at = street; at < most; at++)
        {
            var c = text[at];
            if (!ScannedText.IsOfWord(c) && c is not (' ' or ',' or '.' or '#' or '\'' or '-'))
                return street;
            if (!text.IsEdge(at) || !ScannedText.IsOfWord(c))
                continue;
            if (EndOfAmericanCode(text, at) is > 0 and var american)
                return american;
            if (EndOfBritishCode(text, at) is > 0 and var british)
                return british;
        }

        return street;
    }

    private static int EndOfAmericanCode(ScannedText text, int at)
    {
        if (!char.IsAsciiLetterUpper(text[at]) || !char.IsAsciiLetterUpper(text[at + 1]) || text[at + 2] != ' ')
            return 0;
        var end = text.EndOf(at + 3, char.IsAsciiDigit, 6);
        if (end - at != 8 || text.IsWord(end))
            return 0;
        var more = text[end] == '-' ? text.EndOf(end + 1, char.IsAsciiDigit, 5) : end;
        return more - end == 5 && !text.IsWord(more) ? more : end;
    }

    // "SW1A 2AA", "M1 1AE".
    private static int EndOfBritishCode(ScannedText text, int at)
    {
        var letters = text.EndOf(at, char.IsAsciiLetterUpper, 2);
        if (letters == at || !text.IsDigit(letters))
            return 0;
        var outward = text.EndOf(letters, static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c), 2);
        var isCode = text[outward] == ' ' && text.IsDigit(outward + 1) && char.IsAsciiLetterUpper(text[outward + 2])
            && char.IsAsciiLetterUpper(text[outward + 3]) && !text.IsWord(outward + 4);
        return isCode ? outward + 4 : 0;
    }
}
