using System.Globalization;

namespace MemoryOrleans.Text.Dates;

/// <summary>Days, weeks, months, seasons and years around a day, and their names in English.</summary>
internal static class DateSpans
{
    private const int DaysPerWeek = 7;

    /// <summary>A time before it is tied to the words that named it.</summary>
    internal readonly record struct Span(DateOnly From, DateOnly To, string Preposition, string Name);

    public static Span Day(DateOnly day, string part = "") =>
        new(day, day, "on", part.Length == 0 ? NameOf(day) : $"the {part} of {NameOf(day)}");

    /// <summary>The week from Monday, some weeks on.</summary>
    public static Span? Week(DateOnly day, int weeks) =>
        Shift(MondayOf(day), weeks * DaysPerWeek) is { } monday && Shift(monday, 6) is { } sunday
        ? new Span(monday, sunday, "in", $"the week of {NameOf(monday)}")
        : null;

    /// <summary>Saturday and Sunday, some weekends on; 0 is the one of this week.</summary>
    public static Span? Weekend(DateOnly day, int weeks) =>
        Shift(MondayOf(day), (weeks * DaysPerWeek) + 5) is { } saturday && Shift(saturday, 1) is { } sunday
        ? new Span(saturday, sunday, "on", $"the weekend of {NameOf(saturday)}")
        : null;

    public static Span? Month(int year, int month)
    {
        if (year is < 1 or > 9999)
            return null;
        var first = new DateOnly(year, month, 1);
        var name = string.Create(CultureInfo.InvariantCulture, $"{EnglishDates.MonthNames[month - 1]} {year}");
        return new Span(first, new DateOnly(year, month, DateTime.DaysInMonth(year, month)), "in", name);
    }

    public static Span? MonthFrom(DateOnly day, int months)
    {
        var index = (day.Year * 12) + day.Month - 1 + months;
        return index < 12 ? null : Month(index / 12, (index % 12) + 1);
    }

    public static Span? Year(int year) => year is < 1 or > 9999
        ? null
        : new Span(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), "in", year.ToString(CultureInfo.InvariantCulture));

    /// <summary>A meteorological season of the northern hemisphere; winter is named by the year it ends in.</summary>
    public static Span? Season(int year, string season)
    {
        if (year is < 2 or > 9999)
            return null;
        var first = EnglishDates.FirstMonthOfSeason(season);
        var from = new DateOnly(first == 12 ? year - 1 : year, first, 1);
        return new Span(from, from.AddMonths(3).AddDays(-1), "in", string.Create(CultureInfo.InvariantCulture, $"{season} {year}"));
    }

    /// <summary>Some weeks away is rarely meant to the day: the week counts, the name says about when.</summary>
    public static Span? AroundWeek(DateOnly day, int weeks) => Shift(day, weeks * DaysPerWeek) is { } near && Week(near, 0) is { } week
        ? week with { Preposition = "around", Name = NameOf(near) }
        : null;

    public static DateOnly? Shift(DateOnly day, int days)
    {
        var number = day.DayNumber + (long)days;
        return number < DateOnly.MinValue.DayNumber || number > DateOnly.MaxValue.DayNumber ? null : DateOnly.FromDayNumber((int)number);
    }

    public static DateOnly? DayOf(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
        ? new DateOnly(year, month, day) : null;

    /// <summary>The latest such weekday before a day (−1), or the next after it (+1).</summary>
    public static DateOnly? Weekday(DateOnly day, DayOfWeek weekday, int direction)
    {
        var ahead = ((int)weekday - (int)day.DayOfWeek + DaysPerWeek) % DaysPerWeek;
        return Shift(day, direction > 0 ? (ahead == 0 ? DaysPerWeek : ahead) : ahead - DaysPerWeek);
    }

    public static string NameOf(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Day} {EnglishDates.MonthNames[day.Month - 1]} {day.Year}");

    public static DateOnly? MondayOf(DateOnly? day) => day is { } known ? Shift(known, -(((int)known.DayOfWeek + 6) % DaysPerWeek)) : null;

    private static DateOnly? Shift(DateOnly? day, int days) => day is { } known ? Shift(known, days) : null;
}
