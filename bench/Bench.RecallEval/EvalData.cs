using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Bench.RecallEval;

internal sealed record EvalTurn(string Id, string Speaker, string Text);

internal sealed record EvalSession(string Id, string? Date, IReadOnlyList<EvalTurn> Turns);

internal sealed record EvalQuestion(string Id, JsonElement Category, string Question, IReadOnlyList<string> Evidence)
{
    /// <summary>What a good answer says, where the data have one.</summary>
    public JsonElement Answer { get; init; }

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
        var match = DayFirst().Match(text);
        if (!match.Success || MonthOf(match.Groups["month"].Value) is null)
            match = MonthFirst().Match(text);
        if (!match.Success || MonthOf(match.Groups["month"].Value) is not { } month)
            return null;
        var clock = match.Groups["hour"].Success;
        var hour = clock ? (Number(match, "hour") % 12)
            + (match.Groups["half"].Value.Equals("pm", StringComparison.OrdinalIgnoreCase) ? 12 : 0) : 12;
        return new DateTimeOffset(Number(match, "year"), month, Number(match, "day"), hour, clock ? Number(match, "minute") : 0, 0,
            TimeSpan.Zero);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static int? MonthOf(string name)
    {
        var index = Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames,
            each => each.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    [GeneratedRegex(@"((?<hour>\d+):(?<minute>\d+)\s*(?<half>am|pm)\s+on\s+)?(?<day>\d+)\s+(?<month>\w+),?\s+(?<year>\d{4})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"(?<month>\w+)[- ](?<day>\d+)[-, ]+(?<year>\d{4})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MonthFirst();
}
