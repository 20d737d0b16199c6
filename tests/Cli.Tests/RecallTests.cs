using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary>One server that knows the quick start's two sessions.</summary>
public sealed class QuickStart : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync();
        Assert.Equal(0, (await Server.RunAsync("import", Checkout.PathOf("samples/quickstart.ndjson"))).ExitCode);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}

public sealed class RecallTests(QuickStart fixture) : IClassFixture<QuickStart>
{
    private readonly RunningServer server = fixture.Server;

    [Fact]
    public async Task The_table_shows_rank_score_relevance_time_speaker_place_and_content()
    {
        var ended = await server.RunAsync("recall", "When did Pascal wake up?", "--user", "mira", "--limit", "2");
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        foreach (var part in new[] { "Score", "Relevance", "Content", "│ 1 │", "│ 2 │", "2025-03-03 09:16", "Mira (user)", "hello #3",
            "20 March", "2 items in" })
            Assert.Contains(part, ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lexical", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_says_where_else_it_was_said_and_what_was_left_out()
    {
        foreach (var session in new[] { "kite-1", "kite-2" })
            await server.Client.AppendAsync(session,
                new AppendTurnRequest { Role = "user", Content = "The kite is violet.", UserId = "kim",
                OccurredAt = DateTimeOffset.UnixEpoch.AddDays(session[^1]) });
        await server.Client.AppendAsync("kite-1",
            new AppendTurnRequest { Role = "user", Content = "Nothing happened there.", UserId = "kim" });
        var ended = await server.RunAsync("recall", "Which colour is the kite?", "--user", "kim", "--min-score", "0.3");

        Assert.Contains("also said: kite-1 #1 (1970-02-19)", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Left out: 1 less relevant, 0 over the budget.", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_need_no_quotation_marks()
    {
        var ended = await server.RunAsync("recall", "tuba", "brass", "band", "--limit", "1");
        Assert.Contains("hello #7", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_shows_the_parts_of_the_score_and_the_matched_words()
    {
        var ended = await server.RunAsync("recall", "What is Pascal allergic to?", "--explain", "--limit", "1");
        Assert.Contains("lexical", ended.Output, StringComparison.Ordinal);
        Assert.Contains("session prior", ended.Output, StringComparison.Ordinal);
        Assert.Contains("matched: ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_answer_of_the_memory()
    {
        var ended = await server.RunAsync("recall", "tortoise", "--json", "--limit", "3", "--kinds", "turn", "--explain");
        var answer = JsonSerializer.Deserialize(ended.Output, MemoryJsonContext.Default.RecallResponse)!;
        Assert.Equal(3, answer.Items.Count);
        Assert.All(answer.Items, item => Assert.NotNull(item.Explanation));
        var same = await server.Client.RecallAsync(new RecallRequest { Query = "tortoise", Limit = 3, Kinds = ["turn"] });
        Assert.Equal(same.Items.Select(item => item.Id), answer.Items.Select(item => item.Id));
    }

    [Fact]
    public async Task Options_narrow_what_is_found()
    {
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--user", "nobody")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--agent", "nobody")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--kinds", "fact,episode")).Output,
            StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--min-score", "1")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--as-of-known", "2001-01-01T00:00:00Z")).Output,
            StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await server.RunAsync("recall", "Pascal", "--max-tokens", "1")).Output, StringComparison.Ordinal);
        var early = await server.RunAsync("recall", "Pascal", "--as-of-valid", "2025-03-10T00:00:00Z");
        Assert.Contains("hello #1", early.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("awake #", early.Output, StringComparison.Ordinal);
        var one = await server.RunAsync("recall", "Pascal", "--session", "awake");
        Assert.DoesNotContain("hello #", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brackets_are_shown_and_control_characters_are_not()
    {
        using var file = new NdjsonFile(NdjsonFile.Line("odd", "a walrus [red]said[/] [image: [x] \\u001b[31mhi\\nthere",
            ", \"user_id\": \"odd\", \"name\": \"[bold]Bo\""));
        Assert.Equal(0, (await server.RunAsync("import", file.Path)).ExitCode);
        var ended = await server.RunAsync("recall", "walrus", "--user", "odd", "--explain");
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        Assert.Contains("a walrus [red]said[/] [image: [x]", ended.Output, StringComparison.Ordinal);
        Assert.Contains("[bold]Bo", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_shows_its_detail_and_fields()
    {
        var ended = await server.RunAsync("recall", "x", "--user", "no good", "--kinds", "a b");
        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Output));
        Assert.Contains("400 invalid_input", ended.Error, StringComparison.Ordinal);
        Assert.Contains("  user_id: must be", ended.Error, StringComparison.Ordinal);
        Assert.Contains("  kinds[0]: must be", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit must be a whole number from 1 to 100, but is 'many'.", "x", "--limit", "many")]
    [InlineData("--min-score must be a number from 0 to 1", "x", "--min-score", "2")]
    [InlineData("--as-of-valid must be an RFC 3339 time", "x", "--as-of-valid", "yesterday")]
    [InlineData("--base must be an address like http://127.0.0.1:8080", "x", "--base", "localhost:1")]
    [InlineData("API key must be visible ASCII", "x", "--key", "clé")]
    [InlineData("Required argument missing")]
    [InlineData("--lmit=3 is not an option", "x", "--lmit=3")]
    public async Task Usage_errors_are_told_in_a_sentence(string fault, params string[] arguments)
    {
        var ended = await server.RunAsync(["recall", .. arguments]);
        Assert.Equal((2, string.Empty), (ended.ExitCode, ended.Output));
        Assert.Contains(fault, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_memory_every_command_says_where_it_looked_and_how_to_start_one()
    {
        var address = RunningServer.FreeAddress();
        foreach (var command in new[] { new[] { "recall", "x" }, ["health"], ["summary"],
            ["import", Checkout.PathOf("samples/quickstart.ndjson")] })
        {
            var ended = await MemoryProcess.RunAsync([], [.. command, "--base", address + "/"]);
            Assert.Equal(69, ended.ExitCode);
            Assert.StartsWith($"No memory answers at {address}; start one with ./run.sh or `memory serve`.\n", ended.Error,
                StringComparison.Ordinal);
        }
    }
}
