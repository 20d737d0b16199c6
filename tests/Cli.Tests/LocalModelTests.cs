using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory serve</c> with the model that comes with it.</summary>
public sealed class LocalModelTests
{
    // An empty value counts as none.
    private const string AsItComes = "MEMORY_EMBEDDING_PROVIDER=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_turn_that_shares_no_word_with_the_question_is_found_by_its_meaning_and_the_parts_sum_to_its_score()
    {
        await using var server = await RunningServer.StartAsync(AsItComes);
        string[] said =
        [
            "The train to Bern was late again", "My beagle Rex chewed the sofa", "Tomorrow the plumber comes for the sink",
            "The exam in chemistry was easier than feared", "Grandmother bakes plum cake every Sunday",
        ];
        foreach (var content in said)
            await server.Client.AppendAsync("s", new AppendTurnRequest { UserId = "ada", Role = "user", Name = "Ada", Content = content });
        await EmbedAsync(server, said.Length);

        var answer = await server.Client.RecallAsync(
            new RecallRequest { Query = "What pet does she own?", UserId = "ada", Kinds = ["turn"], Explain = true });
        Assert.False(answer.Degraded);
        Assert.Equal(said[1], answer.Items[0].Content);
        Assert.Equal("all-MiniLM-L6-v2.int8", answer.Items[0].Explanation!.VectorModel);
        Assert.All(answer.Items, static item => Assert.Equal(item.Score, SumOf(item.Explanation!), 1e-6));
        Assert.True(answer.Items[0].Explanation!.Meaning!.Piece > 0.4);

        var shown = await server.RunAsync("recall", "What pet does she own?", "--user", "ada", "--explain", "--limit", "1", "--kinds",
            "turn");
        Assert.Contains("piece 0.", shown.Output, StringComparison.Ordinal);
    }

    // The backlog shows when it is done; there is no other sign of it over HTTP.
    private static Task EmbedAsync(RunningServer server, int turns) => Eventually.SeesAsync(
        async () => (await server.Client.ListEmbeddingsAsync()).Items, seen => seen is [{ State: "active" } space]
        && space.TurnsEmbedded >= turns, Deadline);

    private static double SumOf(ScoreExplanationResponse parts) =>
        parts.Lexical + parts.Vector + parts.Smoothing + parts.SessionPrior + parts.Subject + parts.Quote
        + (parts.Meaning is { } meaning ? meaning.Piece + meaning.Context + meaning.StandIn + meaning.Window + meaning.Date : 0);
}
