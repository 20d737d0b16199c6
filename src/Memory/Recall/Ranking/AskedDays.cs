using System.Globalization;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Text.Dates;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The days that a question means by the asker's clock: "yesterday", "last Tuesday", "two weeks ago". Dates that it names by
/// themselves ("in June") are not among them; <see cref="QuestionDate"/> reads those.
/// </summary>
/// <param name="Dates">A day, a month or a year each.</param>
/// <param name="Words">The same as one who knows the date would have written it, "7 May 2023", where it is one day or one month; else
/// empty.</param>
internal sealed record AskedDays(IReadOnlyList<QuestionDate> Dates, string Words)
{
    public static readonly AskedDays None = new([], string.Empty);

    // A month of days; a longer stretch is named by its months.
    private const int DaysMax = 31;

    /// <summary>False of most questions, which need no clock then.</summary>
    public static bool MayName(string question) => NamedDays.MayName(question);

    /// <param name="askedAt">By the asker's clock.</param>
    public static AskedDays Find(string question, DateTimeOffset askedAt)
    {
        var dates = new List<QuestionDate>();
        var words = new List<string>();
        foreach (var found in ResolveDates.Find(question, askedAt))
        {
            if (!found.IsRelative || QuestionDate.Find(question.Substring(found.Start, found.Length)).Count > 0)
                continue;
            var named = Split(found.From, found.To);
            if (named is [{ Month: > 0 } one])
                words.Add(found.From.ToString(one.Day is null ? "MMMM yyyy" : "d MMMM yyyy", CultureInfo.InvariantCulture));
            dates.AddRange(named);
        }

        return dates.Count == 0 ? None : new AskedDays(dates, string.Join(' ', words));
    }

    private static List<QuestionDate> Split(DateOnly from, DateOnly to)
    {
        var dates = new List<QuestionDate>();
        var isWhole = from.Day == 1 && to.Day == DateTime.DaysInMonth(to.Year, to.Month);
        if (isWhole && from.Month == 1 && to.Month == 12)
        {
            dates.AddRange(Enumerable.Range(from.Year, to.Year - from.Year + 1).Select(static year => new QuestionDate(year, 0, null)));
        }
        else if (!isWhole && to.DayNumber - from.DayNumber < DaysMax)
        {
            for (var number = from.DayNumber; number <= to.DayNumber; number++)
            {
                var day = DateOnly.FromDayNumber(number);
                dates.Add(new QuestionDate(day.Year, day.Month, day.Day));
            }
        }
        else
        {
            for (var month = (from.Year * 12) + from.Month - 1; month <= (to.Year * 12) + to.Month - 1; month++)
                dates.Add(new QuestionDate(month / 12, (month % 12) + 1, null));
        }

        return dates;
    }
}
