using System.Text.Json;

namespace MemoryOrleans.Engine.Tests;

/// <summary>
/// The rankings of every sample question, end to end over SQLite, against those in samples/golden.json; and how much of the
/// evidence they find.
/// </summary>
public sealed class SampleRankingTests(SampleRankingTests.Asked asked) : IClassFixture<SampleRankingTests.Asked>
{
    private const double Tolerance = 0.002;

    [Fact]
    public async Task Every_question_has_its_golden_ten_turns_and_scores()
    {
        using var golden = JsonDocument.Parse(await File.ReadAllBytesAsync(SampleConversations.PathOf("golden.json")));
        var expected = golden.RootElement.GetProperty("golden").EnumerateArray()
            .ToDictionary(static row => row.GetProperty("question").GetString()!, static row => PairsOf(row.GetProperty("top")));

        var moved = asked.Answers
            .Where(answer => !expected.TryGetValue(answer.Question.Id, out var top) || !IsAsExpected(top, answer.Top))
            .Select(answer => $"  {answer.Question.Id}: {Show(expected.GetValueOrDefault(answer.Question.Id, []))}\n    now {Show(answer.Top)}")
            .ToArray();

        Assert.True(
            moved.Length == 0 && expected.Count == asked.Answers.Count,
            $"{moved.Length} of {asked.Answers.Count} rankings are not those of samples/golden.json, which has {expected.Count}. If that is meant, run\n" +
            "  bench/recall-eval samples/conversations.json --write-golden samples/golden.json\n" + string.Join('\n', moved));
    }

    [Theory]
    [InlineData("en", 0.78)]
    [InlineData("de", 0.70)]
    [InlineData("fr", 0.80)]
    [InlineData("es", 0.90)]
    [InlineData("ru", 0.65)]
    [InlineData("ar", 0.90)]
    [InlineData("zh", 0.85)]
    [InlineData("ja", 0.90)]
    public void The_ten_turns_hold_most_of_the_evidence(string language, double least)
    {
        var recalls = asked.Answers.Where(answer => answer.Question.Language == language && answer.Question.Evidence.Length > 0)
            .Select(static answer => answer.Recall).ToArray();

        Assert.True(recalls.Length >= 5);
        Assert.True(recalls.Average() >= least,
            $"recall@10 of {recalls.Length} questions in '{language}' is {recalls.Average():F3}, not {least:F2}");
    }

    // The same turns in the same order, but where scores are too close to tell.
    private static bool IsAsExpected((string Turn, double Score)[] expected, (string Turn, double Score)[] actual) =>
        expected.Length == actual.Length
        && expected.Zip(actual).All(static pair => Math.Abs(pair.First.Score - pair.Second.Score) <= Tolerance)
        && Array.TrueForAll(expected, turn => turn.Score <= expected[^1].Score + Tolerance
            || Array.Exists(actual, each => each.Turn == turn.Turn && Math.Abs(each.Score - turn.Score) <= Tolerance));

    private static (string Turn, double Score)[] PairsOf(JsonElement top) =>
        [.. top.EnumerateArray().Select(static pair => (pair[0].GetString()!, pair[1].GetDouble()))];

    private static string Show((string Turn, double Score)[] top) =>
        string.Join(' ', top.Select(static each => $"{each.Turn}={each.Score:F4}"));

    /// <summary>All answers, asked once.</summary>
    public sealed class Asked : IAsyncLifetime
    {
        internal IReadOnlyList<SampleAnswer> Answers { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            await using var host = await EngineOnSqlite.StartAsync();
            Answers = await SampleConversations.AskAllAsync(host.Embedded);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
