using System.Globalization;
using System.Numerics;
using MemoryOrleans.Text.Words;
using static MemoryOrleans.Text.Dates.EnglishDates;

namespace MemoryOrleans.Text.Dates;

/// <summary>
/// Finds what English says of dates, and resolves it against the day it was said, by the speaker's clock (its offset): "yesterday", "last
/// Friday", "two
/// weeks ago", "next month", "in May", "on the 3rd", "8 May 2023". What could as well mean something else is left alone:
/// "may" and "march" in lower case, "next Friday" when the coming one is still of this week, a bare "on Friday" or "in June"
/// in a sentence that shows no tense, "a few days ago". Weeks begin on Monday; seasons are of the northern hemisphere.
/// </summary>
public static class ResolveDates
{
    private const string Number =
        @"(?<count>a couple of|a couple|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|[0-9]{1,3})";
    private const string DayNumber = @"(?<day>[0-9]{1,2})(st|nd|rd|th)?";
    private const string YearNumber = @"(?<year>(19|20)[0-9]{2})";

    private static readonly Pattern IsoDay = Pattern.AnyCase(
        @"\b(?<words>(?<year>(19|20)[0-9]{2})-(?<month>[0-9]{2})-(?<day>[0-9]{2}))\b");

    private static readonly Pattern MonthThenDay = Pattern.AnyCase(
        @"\b(?<words>(?<month>" + Months + @")\.?\s+(?<number>" + DayNumber + @")\b(,?\s+" + YearNumber + @"\b)?)");

    private static readonly Pattern DayThenMonth = Pattern.AnyCase(
        @"\b(?<words>" + DayNumber + @"\s+(of\s+)?(?<month>" + Months + @")\b(,?\s+" + YearNumber + @"\b)?)");

    private static readonly Pattern MonthAndYear = Pattern.AnyCase(@"\b(?<words>(?<month>" + Months + @"),?\s+" + YearNumber + @")\b");

    private static readonly Pattern NearDay = Pattern.AnyCase(
        @"(?<like>\blike (just |it was |only )?)?\b(?<words>"
        + @"(?<near>(the )?day before yesterday|yesterday|last night|today|tonight|(the )?day after tomorrow|tomorrow)"
        + @"(\s+(?<part>morning|afternoon|evening|night))?|(?<near>this) (?<part>morning|afternoon|evening))\b");

    private static readonly Pattern CountedAway = Pattern.AnyCase(
        @"\b(?<words>" + Number + @"\s+(?<unit>day|weekend|week|month|year)s?\s+((?<ahead>from (now|today))|ago)"
        + @"|(?<in>in)\s+" + Number + @"\s+(?<unit>day|weekend|week|month|year)s?(?<ahead>))\b");

    private static readonly Pattern LastThisNext = Pattern.AnyCase(
        @"(?<the>\bthe )?\b(?<words>(?<way>last|this past|this coming|this|next)\s+"
        + "(?<unit>weekend|week|month|year|" + Seasons + "|" + Weekdays + "|" + Months + @"))\b");

    private static readonly Pattern OnWeekday = Pattern.AnyCase(@"\bon\s+(?<words>(?<weekday>" + Weekdays + @"))\b");

    private static readonly Pattern InMonth = Pattern.AnyCase(@"\b(in|since|until|by|during)\s+(?<words>(?<month>" + Months + @"))\b");

    private static readonly Pattern OnTheDay = Pattern.AnyCase(@"\bon\s+(?<words>the\s+(?<day>[0-9]{1,2})(st|nd|rd|th))\b\s*([.,;!?)]|$)");

    private static readonly Pattern InYearAlone = Pattern.AnyCase(
        @"\b(in|since|until|by|during|from)\s+(?<words>(?<year>(19|20)[0-9]{2}))\b");

    private static readonly Rule[] Rules =
    [
        new(IsoDay, static (m, _, _) => DayOf(m, Int(m, "year"), Int(m, "month")), IsRelative: false),
        new(MonthThenDay, static (m, day, tense) => InYear(m, day, tense), IsDenied: static (text, m) => IsHour(text, m["number"])),
        new(DayThenMonth, static (m, day, tense) => InYear(m, day, tense)),
        new(MonthAndYear, static (m, _, _) => DateSpans.Month(Int(m, "year"), MonthOf(m["month"].Value)), IsRelative: false),
        new(NearDay, static (m, day, _) => NearDayOf(m, day), IsDenied: static (_, m) => m["like"].IsFound),
        new(CountedAway, static (m, day, tense) => Away(m, day, tense)),
        new(LastThisNext, static (m, day, tense) => Neighbour(m, day, tense),
        IsDenied: static (text, m) => m["the"].IsFound || IsLongAgo(text, m)),
        new(OnWeekday, static (m, day, tense) => OnWeekdayOf(m, day, tense)),
        new(InMonth, static (m, day, tense) => NearestMonth(m, day, tense), IsDenied: static (text, m) => IsNumbered(text, m)),
        new(OnTheDay, static (m, day, tense) => DayOfNearMonth(m, day, tense)),
        new(InYearAlone, static (m, _, _) => DateSpans.Year(Int(m, "year")), IsRelative: false, static (text, m) => IsAmount(text, m)),
    ];

    private static readonly PatternSet Patterns = new([.. Rules.Select(static rule => rule.Pattern)]);

    /// <summary>What is found in one sentence, in its order, without overlaps; an earlier rule wins.</summary>
    /// <param name="sentence">Its tense decides "on Friday" and the like, so not a whole text.</param>
    public static IReadOnlyList<ResolvedDate> Find(string sentence, DateTimeOffset saidAt)
    {
        var day = DateOnly.FromDateTime(saidAt.DateTime);
        var tense = TenseOf(sentence);
        var found = new List<ResolvedDate>();
        var taken = new bool[sentence.Length];
        for (var left = Patterns.FoundIn(sentence); left != 0; left &= left - 1)
        {
            var rule = Rules[BitOperations.TrailingZeroCount(left)];
            foreach (var match in rule.MatchesIn(sentence))
            {
                var words = match["words"];
                var letters = taken.AsSpan(words.Start, words.Length);
                if (letters.Contains(true) || rule.Resolve(match, day, tense) is not { } span)
                    continue;
                letters.Fill(true);
                var isRelative = rule.IsRelative && !match["year"].IsFound;
                found.Add(new ResolvedDate(words.Start, words.Length, span.From, span.To, span.Preposition, span.Name, isRelative));
            }
        }

        found.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return found;
    }

    /// <summary>"May 10:30" and "March 5.2" name no day.</summary>
    private static bool IsHour(string text, PatternGroup number) =>
        number.End is var end && end + 1 < text.Length && text[end] is ':' or '.' && char.IsDigit(text[end + 1]);

    private static bool IsLongAgo(string text, PatternMatch match) =>
        text.AsSpan(match.End).StartsWith(" ago", StringComparison.OrdinalIgnoreCase);

    private static bool IsNumbered(string text, PatternMatch match)
    {
        var rest = text.AsSpan(match.End);
        var number = rest.TrimStart();
        return number.Length < rest.Length && number.Length > 0 && char.IsDigit(number[0]);
    }

    private static bool IsAmount(string text, PatternMatch match) =>
        match.End is var end && end + 1 < text.Length && text[end] is '.' or ',' && char.IsAsciiDigit(text[end + 1]);

    private static DateSpans.Span? DayOf(PatternMatch match, int year, int month) =>
        DateSpans.DayOf(year, month, Int(match, "day")) is { } day ? DateSpans.Day(day) : null;

    private static DateSpans.Span? InYear(PatternMatch match, DateOnly said, int tense)
    {
        var month = match["month"].Value;
        if (!IsSurelyDate(month))
            return null;
        if (match["year"].IsFound)
            return DayOf(match, Int(match, "year"), MonthOf(month));
        DateOnly? best = null;
        for (var year = said.Year - 1; year <= said.Year + 1; year++)
        {
            if (DateSpans.DayOf(year, MonthOf(month), Int(match, "day")) is { } day
                && (best is not { } other || Distance(day, said, tense) < Distance(other, said, tense)))
                best = day;
        }

        return best is { } nearest ? DateSpans.Day(nearest) : null;
    }

    /// <summary>
    /// Days apart; a day that the tense speaks against must be nearer by months: "I booked it for 3 May" is said in April.
    /// </summary>
    private static int Distance(DateOnly day, DateOnly said, int tense)
    {
        const int AgainstTense = 150;
        var days = day.DayNumber - said.DayNumber;
        return Math.Abs(days) + (Math.Sign(days) == -tense && tense != 0 ? AgainstTense : 0);
    }

    private static DateSpans.Span? NearDayOf(PatternMatch match, DateOnly said)
    {
        var words = match["near"].Value.ToLowerInvariant();
        var part = match["part"].IsFound ? match["part"].Value.ToLowerInvariant() : words is "tonight" or "last night" ? "night" : "";
        var days = words switch
        {
            "yesterday" or "last night" => -1,
            "tomorrow" => 1,
            _ when words.Contains("before", StringComparison.Ordinal) => -2,
            _ when words.Contains("after", StringComparison.Ordinal) => 2,
            _ => 0,
        };
        return DateSpans.Shift(said, days) is { } day ? DateSpans.Day(day, part) : null;
    }

    private static DateSpans.Span? Away(PatternMatch match, DateOnly said, int tense)
    {
        var isAhead = match["ahead"].IsFound;
        // "I read it in two days" says how long, not when.
        if (isAhead && match["in"].IsFound && tense <= 0)
            return null;
        var count = CountOf(match["count"].Value) * (isAhead ? 1 : -1);
        return match["unit"].Value.ToLowerInvariant() switch
        {
            "day" => DateSpans.Shift(said, count) is { } day ? DateSpans.Day(day) : null,
            "week" => DateSpans.AroundWeek(said, count),
            "weekend" => DateSpans.Weekend(said, count),
            "month" => DateSpans.MonthFrom(said, count),
            _ => DateSpans.Year(said.Year + count),
        };
    }

    private static DateSpans.Span? Neighbour(PatternMatch match, DateOnly said, int tense)
    {
        var way = match["way"].Value.ToLowerInvariant() switch { "this" => 0, "next" or "this coming" => 1, _ => -1 };
        var unit = match["unit"].Value;
        if (!IsSurelyDate(unit))
            return null;
        return unit.ToLowerInvariant() switch
        {
            "week" => DateSpans.Week(said, way),
            "weekend" => DateSpans.Weekend(said, way),
            "month" => DateSpans.MonthFrom(said, way),
            "year" => DateSpans.Year(said.Year + way),
            "spring" or "summer" or "autumn" or "fall" or "winter" => NeighbourSeason(unit.ToLowerInvariant(), said, way),
            var name when MonthOf(name) > 0 && Months.Split('|').Contains(name) =>
            DateSpans.Month(YearOfMonth(MonthOf(name), said, way), MonthOf(name)),
            var name => NeighbourWeekday(WeekdayOf(name), said, way, tense),
        };
    }

    private static DateSpans.Span? NeighbourSeason(string season, DateOnly said, int way)
    {
        var year = said.Year;
        if (season == "winter" && said.Month == 12)
            year++;
        if (DateSpans.Season(year, season) is not { } current)
            return null;
        if (way < 0 && said <= current.To)
            year--;
        else if (way > 0 && said >= current.From)
            year++;
        return DateSpans.Season(year, season);
    }

    /// <summary>"Next Friday" is the one of next week; while this week's is still to come it may mean either.</summary>
    private static DateSpans.Span? NeighbourWeekday(DayOfWeek weekday, DateOnly said, int way, int tense)
    {
        var direction = way == 0 ? (tense < 0 ? -1 : 1) : way;
        if (DateSpans.Weekday(said, weekday, direction) is not { } day || (way > 0 && DateSpans.MondayOf(day) == DateSpans.MondayOf(said)))
            return null;
        return way == 0 && DateSpans.MondayOf(day) != DateSpans.MondayOf(said) ? null : DateSpans.Day(day);
    }

    private static DateSpans.Span? OnWeekdayOf(PatternMatch match, DateOnly said, int tense)
    {
        var word = match["weekday"].Value;
        return tense != 0 && IsSurelyDate(word) && DateSpans.Weekday(said, WeekdayOf(word), tense) is { } day ? DateSpans.Day(day) : null;
    }

    private static DateSpans.Span? NearestMonth(PatternMatch match, DateOnly said, int tense)
    {
        var word = match["month"].Value;
        if (tense == 0 || !IsSurelyDate(word))
            return null;
        var month = MonthOf(word);
        return month == said.Month ? DateSpans.Month(said.Year, month) : DateSpans.Month(YearOfMonth(month, said, tense), month);
    }

    private static int YearOfMonth(int month, DateOnly said, int way) => way switch
    {
        < 0 => month < said.Month ? said.Year : said.Year - 1,
        > 0 => month > said.Month ? said.Year : said.Year + 1,
        _ => said.Year,
    };

    private static DateSpans.Span? DayOfNearMonth(PatternMatch match, DateOnly said, int tense)
    {
        if (tense == 0)
            return null;
        var day = Int(match, "day");
        var months = tense < 0 && day > said.Day ? -1 : tense > 0 && day < said.Day ? 1 : 0;
        return DateSpans.MonthFrom(said, months) is { } month && DateSpans.DayOf(month.From.Year, month.From.Month, day) is { } found
            ? DateSpans.Day(found)
            : null;
    }

    private static int Int(PatternMatch match, string group) =>
        int.Parse(match[group].Letters, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <param name="Pattern">Group <c>words</c> is what names the date.</param>
    /// <param name="IsRelative">Whether the day it was said on decides, unless a year is named.</param>
    /// <param name="IsDenied">Whether what stands around the words makes them something else; null: nothing does.</param>
    private sealed record Rule(
        Pattern Pattern, Func<PatternMatch, DateOnly, int, DateSpans.Span?> Resolve, bool IsRelative = true,
        Func<string, PatternMatch, bool>? IsDenied = null)
    {
        public IEnumerable<PatternMatch> MatchesIn(string text)
        {
            var match = Pattern.Find(text);
            while (match.IsFound)
            {
                var isDenied = IsDenied?.Invoke(text, match) == true;
                if (!isDenied)
                    yield return match;
                // Denied words may hold others: "the day before yesterday" ends in a day.
                match = Pattern.Find(text, isDenied ? match["words"].Start + 1 : match.End);
            }
        }
    }
}
