namespace MemoryOrleans.Recall.Meaning;

/// <summary>English names of months.</summary>
internal static class CalendarWords
{
    private const int ShortLength = 3;

    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>
    /// 1..12 for a month's name or its first three letters, 0 for another word; "may", "march" and what is short only with a capital.
    /// </summary>
    public static int MonthOf(string word)
    {
        if (word.Length < ShortLength)
            return 0;
        for (var month = 0; month < Months.Length; month++)
        {
            var isWhole = word.Equals(Months[month], StringComparison.OrdinalIgnoreCase);
            var isShort = word.Length == ShortLength
                && word.AsSpan().Equals(Months[month].AsSpan(0, ShortLength), StringComparison.OrdinalIgnoreCase);
            if (isWhole || isShort)
                return char.IsUpper(word[0]) || (isWhole && Months[month] is not ("may" or "march")) ? month + 1 : 0;
        }

        return word.Equals("sept", StringComparison.OrdinalIgnoreCase) ? 9 : 0;
    }
}
