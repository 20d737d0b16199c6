using System.Globalization;

namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// The terms by which a question names a date: "8", "may", "2023". They enter term frequencies of what was said that day.
/// </summary>
public static class DateTerms
{
    /// <summary>Day of the month without leading zero, stemmed month name, year of four digits.</summary>
    public const int Count = 3;

    private static readonly ulong[] Days =
        [.. Enumerable.Range(1, 31).Select(day => TermHash.Of(day.ToString(CultureInfo.InvariantCulture)))];

    private static readonly ulong[] Months =
    [
        .. new[]
        {
            "january", "february", "march", "april", "may", "june",
            "july", "august", "september", "october", "november", "december",
        }.Select(HashOfStem),
    ];

    /// <summary>Writes the <see cref="Count"/> hashes of a date.</summary>
    public static void Write(DateOnly date, Span<ulong> into)
    {
        Span<char> year = stackalloc char[4];
        date.Year.TryFormat(year, out _, "D4", CultureInfo.InvariantCulture);
        into[0] = Days[date.Day - 1];
        into[1] = Months[date.Month - 1];
        into[2] = TermHash.Of(year);
    }

    private static ulong HashOfStem(string month)
    {
        Span<char> stem = month.ToCharArray();
        return TermHash.Of(stem[..Porter2Stemmer.Stem(stem)]);
    }
}
