using System.Globalization;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Meaning;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>What a question names of a date: "October 13, 2023", "8 May", "in June", "in 2023".</summary>
internal readonly record struct QuestionDate(int? Year, int? Month, int? Day)
{
    /// <summary>The dates a question names, in its order; English. "May" and "March" only with a capital.</summary>
    public static IReadOnlyList<QuestionDate> Find(string question)
    {
        var words = QuestionWord.Split(question);
        var found = new List<QuestionDate>();
        var taken = new bool[words.Count];
        for (var at = 0; at < words.Count; at++)
        {
            if (CalendarWords.MonthOf(words[at].Text) is var month and > 0)
                found.Add(TakeMonth(words, at, month, taken));
            else if (DateOnly.TryParseExact(words[at].Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                found.Add(new QuestionDate(day.Year, day.Month, day.Day));
        }

        for (var at = 0; at < words.Count; at++)
        {
            if (!taken[at] && YearOf(words, at) is { } year)
                found.Add(new QuestionDate(year, null, null));
        }

        return found;
    }

    /// <summary>1 where a day or a longer time agrees in all that is named, a part where the month does but not the day, else 0.</summary>
    public float Agreement(DaySpan span)
    {
        if (Year is { } year && (DateOnly.FromDayNumber(span.From).Year > year || DateOnly.FromDayNumber(span.To).Year < year))
            return 0;
        if (Month is not { } month)
            return 1;
        if (!HasMonth(span, month))
            return 0;
        return Day is not { } day || HasDay(span, month, day) ? 1 : MeaningWeights.PartlyAgreed;
    }

    private static QuestionDate TakeMonth(List<QuestionWord> words, int at, int month, bool[] taken)
    {
        taken[at] = true;
        int? day = null;
        int? year = null;
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

        if (YearOf(words, next) is { } named)
        {
            year = named;
            taken[next] = true;
        }

        return new QuestionDate(year, month, day);
    }

    private static int? DayOf(List<QuestionWord> words, int at)
    {
        if (at < 0 || at >= words.Count)
            return null;
        var digits = words[at].Lower.AsSpan();
        if (digits.Length > 2 && digits[^2..] is "st" or "nd" or "rd" or "th")
            digits = digits[..^2];
        return digits.Length <= 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= 31 ? day : null;
    }

    private static int? YearOf(List<QuestionWord> words, int at) =>
        at < words.Count && words[at].Text.Length == 4 && int.TryParse(words[at].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and < 2100
            ? year
            : null;

    private bool HasMonth(DaySpan span, int month)
    {
        var (from, to) = (DateOnly.FromDayNumber(span.From), DateOnly.FromDayNumber(span.To));
        for (var (year, number) = (from.Year, from.Month); (year, number).CompareTo((to.Year, to.Month)) <= 0; (year, number) = number == 12 ? (year + 1, 1) : (year, number + 1))
        {
            if (number == month && (Year is null || Year == year))
                return true;
        }

        return false;
    }

    // A longer time holds the day but does not say it.
    private static bool HasDay(DaySpan span, int month, int day) =>
        span.From == span.To && DateOnly.FromDayNumber(span.From) is var named && named.Month == month && named.Day == day;
}

/// <summary>How well the dates of turns agree with those of a question.</summary>
internal static class DateAgreement
{
    /// <summary>The best agreement, 0..1, of a turn's own day, and of the days its text names, with any of the dates.</summary>
    public static float Of(PartitionSnapshot partition, int turn, IReadOnlyList<QuestionDate> dates)
    {
        var own = DateOnly.FromDateTime(DateTime.UnixEpoch.AddMicroseconds(partition.Details[turn].OccurredAt)).DayNumber;
        var best = Best(dates, new DaySpan(own, own));
        var (start, end) = partition.DaysOf(turn);
        for (var i = start; i < end && best < 1; i++)
            best = Math.Max(best, Best(dates, partition.Days[i]));
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
