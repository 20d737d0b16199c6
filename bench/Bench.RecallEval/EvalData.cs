using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Bench.RecallEval;

internal sealed record EvalTurn(string Id, string Speaker, string Text);

internal sealed record EvalSession(string Id, string? Date, IReadOnlyList<EvalTurn> Turns);

internal sealed record EvalQuestion(string Id, JsonElement Category, string Question, IReadOnlyList<string> Evidence)
{
    /// <summary>Adversarial questions (category 5) and those without evidence have no gold.</summary>
    public bool HasGold => Evidence.Count > 0 && Category.ToString() != "5";
}

internal sealed record EvalConversation(string Id, IReadOnlyList<EvalSession> Sessions, IReadOnlyList<EvalQuestion> Questions);

/// <summary>Conversations with questions and evidence, as in samples/conversations.json.</summary>
internal sealed partial record EvalData(IReadOnlyList<EvalConversation> Conversations)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static EvalData Read(string path) =>
        JsonSerializer.Deserialize<EvalData>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException($"{path} is empty.");

    /// <summary>"1:56 pm on 8 May, 2023" or "March-15-2024" (at noon); null when it is neither.</summary>
    public static DateTimeOffset? ParseDate(string? text)
    {
        if (text is null)
            return null;
        var dayFirst = DayFirst().Match(text);
        if (dayFirst.Success && MonthOf(dayFirst.Groups[5].Value) is { } month)
        {
            var hour = dayFirst.Groups[1].Success ? int.Parse(dayFirst.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 12;
            var afternoon = !dayFirst.Groups[3].Success || dayFirst.Groups[3].Value.Equals("pm", StringComparison.OrdinalIgnoreCase);
            var minute = dayFirst.Groups[2].Success ? int.Parse(dayFirst.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
            return At(dayFirst.Groups[6].Value, month, dayFirst.Groups[4].Value, (hour % 12) + (afternoon ? 12 : 0), minute);
        }

        var monthFirst = MonthFirst().Match(text);
        return monthFirst.Success && MonthOf(monthFirst.Groups[1].Value) is { } named
            ? At(monthFirst.Groups[3].Value, named, monthFirst.Groups[2].Value, 12, 0)
            : null;
    }

    private static DateTimeOffset At(string year, int month, string day, int hour, int minute) =>
        new(int.Parse(year, CultureInfo.InvariantCulture), month, int.Parse(day, CultureInfo.InvariantCulture), hour, minute, 0, TimeSpan.Zero);

    private static int? MonthOf(string name)
    {
        var index = Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames, each => each.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    [GeneratedRegex(@"(?:(\d+):(\d+)\s*(am|pm)\s+on\s+)?(\d+)\s+(\w+),?\s+(\d{4})", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"(\w+)[- ](\d+)[-, ]+(\d{4})", RegexOptions.None, 1000)]
    private static partial Regex MonthFirst();
}
