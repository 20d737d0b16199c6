using System.Globalization;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Meaning;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// What a question names of a date: "October 13, 2023", "8 May", "in June", or, where it names no month, a year; its month is then 0.
/// </summary>
internal readonly record struct QuestionDate(int? Year, int Month, int? Day)
{
    /// <summary>The dates a question names, in its order; English. "May" and "March" only with a capital.</summary>
    public static IReadOnlyList<QuestionDate> Find(string question)
    {
        var words = QuestionWord.Split(question);
        var found = new List<QuestionDate>();
        for (var at = 0; at < words.Count; at++)
        {
            if (CalendarWords.MonthOf(words[at].Text) is var month and > 0)
                found.Add(TakeMonth(words, at, month));
            else if (DateOnly.TryParseExact(words[at].Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                found.Add(new QuestionDate(day.Year, day.Month, day.Day));
        }

        if (found.Count == 0)
            found.AddRange(Enumerable.Range(0, words.Count).Select(at => YearOf(words, at)).OfType<int>()
                .Select(static year => new QuestionDate(year, 0, null)));
        return found;
    }

    /// <summary>
    /// 1 where a day, week or month agrees in all that is named; a part where the month does but not the day, a season or year holds
    /// the month, or the year does and no more is named; else 0.
    /// </summary>
    public float Agreement(DaySpan span)
    {
        const int monthDays = 31;
        var (from, to) = (DateOnly.FromDayNumber(span.From), DateOnly.FromDayNumber(span.To));
        if (Month == 0)
            return from.Year == Year || to.Year == Year ? MeaningWeights.PartlyAgreed : 0;
        if (span.To - span.From >= monthDays)
            return Holds(from, to) ? MeaningWeights.PartlyAgreed : 0;
        if (!IsIn(from) && !IsIn(to))
            return 0;
        return Day is null || (from == to && from.Day == Day) ? 1 : MeaningWeights.PartlyAgreed;
    }

    /// <summary>True of a day in the week after the month that is named: what happened at its end is told then.</summary>
    public bool IsToldSoon(int dayNumber)
    {
        const int days = 7;
        if (dayNumber < days)
            return false;
        var before = DateOnly.FromDayNumber(dayNumber - days);
        return Day is null && IsIn(before) && !IsIn(DateOnly.FromDayNumber(dayNumber));
    }

    private static QuestionDate TakeMonth(List<QuestionWord> words, int at, int month)
    {
        int? day = null;
        var next = at + 1;
        if (DayOf(words, next) is { } after)
        {
            day = after;
            next++;
        }
        else if (DayOf(words, at > 0 && words[at - 1].Lower == "of" ? at - 2 : at - 1) is { } before)
        {
            day = before;
        }

        return new QuestionDate(YearOf(words, next), month, day);
    }

    private static int? DayOf(List<QuestionWord> words, int at)
    {
        if (at < 0 || at >= words.Count)
            return null;
        var digits = words[at].Lower.AsSpan();
        if (digits.Length > 2 && digits[^2..] is "st" or "nd" or "rd" or "th")
            digits = digits[..^2];
        return digits.Length <= 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            && day is >= 1 and <= 31 ? day : null;
    }

    private static int? YearOf(List<QuestionWord> words, int at) =>
        at < words.Count && words[at].Text.Length == 4
        && int.TryParse(words[at].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and < 2100
            ? year
            : null;

    private bool IsIn(DateOnly day) => day.Month == Month && (Year is null || Year == day.Year);

    // A season or a year that the month lies in.
    private bool Holds(DateOnly from, DateOnly to)
    {
        var year = Year ?? (Month >= from.Month ? from.Year : to.Year);
        return (from.Year, from.Month).CompareTo((year, Month)) <= 0 && (year, Month).CompareTo((to.Year, to.Month)) <= 0;
    }
}

/// <summary>How well the dates of turns agree with those of a question.</summary>
internal static class DateAgreement
{
    /// <summary>The best agreement, 0..1, of a turn's own day, and of the days its text names, with any of the dates.</summary>
    public static float Of(PartitionSnapshot partition, int turn, IReadOnlyList<QuestionDate> dates)
    {
        var own = DateOnly.FromDateTime(Timestamp.Read(partition.Details[turn].OccurredAt, partition.Turns[turn].OffsetMinutes).DateTime)
            .DayNumber;
        var best = BestOfOwn(dates, own);
        var (start, end) = partition.DaysOf(turn);
        for (var i = start; i < end && best < 1; i++)
            best = Math.Max(best, Best(dates, partition.Days[i]));
        return best;
    }

    private static float BestOfOwn(IReadOnlyList<QuestionDate> dates, int own)
    {
        var best = Best(dates, new DaySpan(own, own));
        foreach (var date in dates)
            best = Math.Max(best, date.IsToldSoon(own) ? MeaningWeights.PartlyAgreed : 0);
        return best;
    }

    private static float Best(IReadOnlyList<QuestionDate> dates, DaySpan span)
    {
        var best = 0f;
        foreach (var date in dates)
            best = Math.Max(best, date.Agreement(span));
        return best;
    }
}
