using System.Text.Json;

namespace MemoryOrleans.Bench.RecallEval;

internal sealed record CaseStep(int Day, string Content);

internal sealed record EvalCase(string Id, string Kind, string Lang, IReadOnlyList<CaseStep> Steps, string Question);

/// <summary>Cases of updates, as in samples/updates.json: each a conversation of its own, each step a session.</summary>
internal sealed record EvalCases(IReadOnlyList<EvalCase> Cases)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Conversations from a file of either kind.</summary>
    public static EvalData Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!document.RootElement.TryGetProperty("cases", out _))
            return EvalData.Read(path);
        var read = document.Deserialize<EvalCases>(Options) ?? throw new InvalidDataException($"{path} is empty.");
        return new EvalData([.. read.Cases.Select(static each =>
            new EvalConversation(each.Id, [.. each.Steps.Select(SessionOf)], [QuestionOf(each)]))]);
    }

    // Any of the steps is evidence: what comes first is not the matter of a ranking alone.
    private static EvalQuestion QuestionOf(EvalCase each) => new(
        each.Id, JsonSerializer.SerializeToElement(each.Kind), each.Question,
        [.. Enumerable.Range(0, each.Steps.Count).Select(static at => $"{at}")]);

    private static EvalSession SessionOf(CaseStep step, int at)
    {
        var day = Begin.AddDays(step.Day);
        return new EvalSession($"{at}", FormattableString.Invariant($"10:00 am on {day:d MMMM}, {day:yyyy}"),
            [new EvalTurn($"{at}", "user", step.Content)]);
    }
}
