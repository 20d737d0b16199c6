using System.Globalization;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Cli.Import;

/// <summary>Dates of the eval format's sessions: "1:56 pm on 8 May, 2023", or "March-15-2024", which means noon. UTC.</summary>
internal static partial class SessionDate
{
    /// <summary>Null for text of another form; false when the form is right but there is no such time.</summary>
    public static bool TryParse(string? text, out DateTimeOffset? date)
    {
        date = null;
        var match = DayFirst().Match(text ?? string.Empty);
        if (!match.Success || MonthOf(match) is null)
            match = MonthFirst().Match(text ?? string.Empty);
        if (!match.Success || MonthOf(match) is not { } month)
            return true;
        var (hour, minute) = (12, 0);
        if (match.Groups["hour"].Success)
        {
            var afternoon = match.Groups["half"].Value.Equals("pm", StringComparison.OrdinalIgnoreCase);
            hour = (Number(match, "hour") % 12) + (afternoon ? 12 : 0);
            minute = Number(match, "minute");
        }

        var (year, day) = (Number(match, "year"), Number(match, "day"));
        if (year < 1 || day < 1 || day > DateTime.DaysInMonth(year, month) || minute > 59)
            return false;
        date = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero);
        return true;
    }

    // Numbers too long for an int are out of every range.
    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : int.MaxValue;

    private static int? MonthOf(Match match)
    {
        var name = match.Groups["month"].Value;
        var index = Array.FindIndex(
            CultureInfo.InvariantCulture.DateTimeFormat.MonthNames, each => each.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    [GeneratedRegex(@"((?<hour>\d+):(?<minute>\d+)\s*(?<half>am|pm)\s+on\s+)?(?<day>\d+)\s+(?<month>\w+),?\s+(?<year>\d{4})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, -1)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"(?<month>\w+)[- ](?<day>\d+)[-, ]+(?<year>\d{4})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, -1)]
    private static partial Regex MonthFirst();
}
