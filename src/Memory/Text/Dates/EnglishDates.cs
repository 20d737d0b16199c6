using System.Collections.Frozen;
using System.Globalization;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Text.Dates;

/// <summary>English words of the calendar, and the tense of a sentence as far as single words show it.</summary>
internal static class EnglishDates
{
    public const string Months =
        "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";

    public const string Weekdays =
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun";

    public const string Seasons = "spring|summer|autumn|fall|winter";

    public static readonly string[] MonthNames =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly FrozenDictionary<string, int> Counts = new Dictionary<string, int>
    {
        ["a"] = 1, ["an"] = 1, ["one"] = 1, ["a couple of"] = 2, ["a couple"] = 2, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5,
            ["six"] = 6,
        ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12, ["twenty"] = 20, ["thirty"] = 30,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> AlsoOtherWords =
        new[] { "may", "march", "mar", "jan", "sat", "sun", "mon", "wed", "fri", "dec", "jun" }.ToFrozenSet();

    /// <summary>1..12, or 0.</summary>
    public static int MonthOf(string word)
    {
        for (var month = 0; month < MonthNames.Length; month++)
        {
            if (MonthNames[month].StartsWith(word[..Math.Min(3, word.Length)], StringComparison.OrdinalIgnoreCase))
                return month + 1;
        }

        return 0;
    }

    public static DayOfWeek WeekdayOf(string word) => word.ToLowerInvariant()[..2] switch
    {
        "mo" => DayOfWeek.Monday,
        "tu" => DayOfWeek.Tuesday,
        "we" => DayOfWeek.Wednesday,
        "th" => DayOfWeek.Thursday,
        "fr" => DayOfWeek.Friday,
        "sa" => DayOfWeek.Saturday,
        _ => DayOfWeek.Sunday,
    };

    public static int CountOf(string words) => Counts.TryGetValue(words.ToLowerInvariant(), out var count)
        ? count
        : int.Parse(words, NumberStyles.None, CultureInfo.InvariantCulture);

    public static int FirstMonthOfSeason(string season) => season switch
    {
        "spring" => 3,
        "summer" => 6,
        "winter" => 12,
        _ => 9,
    };

    /// <summary>False for "may", "march", "sat" in lower case, which are more often other words.</summary>
    public static bool IsSurelyDate(string word) => char.IsUpper(word[0]) || !AlsoOtherWords.Contains(word);

    /// <summary>−1 for a text about the past, +1 for one about the future, 0 when it says neither or both.</summary>
    public static int TenseOf(string text)
    {
        var (past, future) = (Past.IsMatch(text), Future.IsMatch(text));
        return past == future ? 0 : past ? -1 : 1;
    }

    private static readonly Pattern Past = Pattern.AnyCase(
        @"\b(was|were|did|didn['’]t|went|had|got|saw|met|took|made|bought|left|came|began|ran|won|found|sold|gave|said|told|wrote|read|ate"
        + "|quit|broke|lost|flew|drove|became|chose|built|sent|spent|taught|felt|heard|kept|held|paid|led|grew|won|bred|sang|swam|[a-z]{3,}ed)\\b");

    private static readonly Pattern Future = Pattern.AnyCase(
        @"\b(will|won['’]t|shall|(is|are|am) going to|gonna|plan to|plans to|planning|upcoming|due|deadline|aim to|aiming|hope to"
        + @"|hoping|by then)\b"
        + @"|['’]ll\b|['’](m|re) going\b|\b(i['’]m|we['’]re|am|are) [a-z]+ing\b");
}
