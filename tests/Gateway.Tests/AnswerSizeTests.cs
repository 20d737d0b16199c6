using System.Net;
using System.Text;
using MemoryOrleans.Contracts;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Answers are bounded in bytes, whatever is asked for, and so is what all of them hold while nobody reads them.</summary>
public sealed class AnswerSizeTests
{
    private const int LongContent = 100_000;

    [Fact]
    public async Task A_recall_over_long_turns_answers_snippets_where_the_words_are()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_ANSWER_MEGABYTES=1");
        await FillAsync(gateway, 30);
        var answer = await gateway.PostAsync("/v1/recall", """{"query":"Where is the lighthouse?","limit":100,"session_id":"long"}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.InRange(Encoding.UTF8.GetByteCount(answer.Text), 1, 1_400_000);
        var items = answer.Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(30, items.Length);
        Assert.Equal(LongContent, items[0].GetProperty("content").GetString()!.Length);
        Assert.False(items[0].TryGetProperty("snippet", out _));
        Assert.True(items[^1].GetProperty("snippet").GetBoolean());
        Assert.All(items, item => Assert.Contains("lighthouse", item.GetProperty("content").GetString()!, StringComparison.Ordinal));
        foreach (var path in new[] { "/v1/memory/search?query=lighthouse&top_k=100" })
            Assert.InRange(Encoding.UTF8.GetByteCount((await gateway.GetAsync(path)).Text), 1, 1_400_000);
    }

    [Fact]
    public async Task A_content_beyond_the_longest_is_answered_as_a_snippet()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_ANSWER_CONTENT_MAX_CHARACTERS=500");
        await FillAsync(gateway, 1);
        var item = (await gateway.PostAsync("/v1/recall", """{"query":"lighthouse"}""")).Json.GetProperty("items")[0];
        Assert.Equal((500, true), (item.GetProperty("content").GetString()!.Length, item.GetProperty("snippet").GetBoolean()));
        Assert.Contains("lighthouse", item.GetProperty("content").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_long_turns_ends_early_and_the_next_goes_on()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_ANSWER_MEGABYTES=1");
        await FillAsync(gateway, 30);
        var (seqs, cursor) = (new List<long>(), string.Empty);
        do
        {
            var page = await gateway.GetAsync("/v1/sessions/long/turns?limit=100&cursor=" + cursor);
            Assert.InRange(page.Text.Length, 1, 1_100_000);
            seqs.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(turn => turn.GetProperty("seq").GetInt64()));
            cursor = page.Json.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 30).Select(seq => (long)seq), seqs);
    }

    [Fact]
    public async Task Answers_that_nobody_reads_hold_no_more_than_there_is_for_them()
    {
        var turn = new Turn("s", 1, "t", "user", null, new string('語', LongContent), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
            null, 1);
        var item = new RecalledItem("t", "turn", "working", turn.Content, 1, 1, turn, null);
        var result = new RecallResult([.. Enumerable.Repeat(item, 100)], "fact", [], "1", DateTimeOffset.UnixEpoch);
        var host = new StubHost { Recall = (_, _) => Task.FromResult<Outcome<RecallResult>>(result) };
        await using var gateway = await RunningGateway.StartAsync(host, null, "MEMORY_ANSWER_MEGABYTES=64", "MEMORY_BODIES_MEGABYTES=64");
        var unread = new List<RawConnection>();
        for (var i = 0; i < 2; i++)
        {
            // Each answer is 30 MB, more than the system keeps for a connection.
            unread.Add(await RawConnection.OpenAsync(gateway));
            await unread[i].SendHeadAsync("POST", "/v1/recall", null, "Content-Type: application/json", "Content-Length: 13");
            await unread[i].SendAsync("""{"query":"x"}""");
            await unread[i].ReadAnyAsync();
        }

        (await gateway.PostAsync("/v1/recall", """{"query":"x"}""")).IsProblem(503, "overloaded");
        unread.ForEach(each => each.Dispose());
        await Eventually.HoldsAsync(async () => (await gateway.PostAsync("/v1/recall", """{"query":"x"}""")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_that_nobody_reads_is_given_up_in_time()
    {
        var turn = new Turn("s", 1, "t", "user", null, new string('語', LongContent), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
            null, 1);
        var item = new RecalledItem("t", "turn", "working", turn.Content, 1, 1, turn, null);
        var result = new RecallResult([.. Enumerable.Repeat(item, 100)], "fact", [], "1", DateTimeOffset.UnixEpoch);
        var host = new StubHost { Recall = (_, _) => Task.FromResult<Outcome<RecallResult>>(result) };
        await using var gateway = await RunningGateway.StartAsync(
            host, null, "MEMORY_ANSWER_MEGABYTES=64", "MEMORY_BODIES_MEGABYTES=32", "MEMORY_REQUEST_TIMEOUT_SECONDS=1");
        using var unread = await RawConnection.OpenAsync(gateway);
        await unread.SendHeadAsync("POST", "/v1/recall", null, "Content-Type: application/json", "Content-Length: 13");
        await unread.SendAsync("""{"query":"x"}""");
        await unread.ReadAnyAsync();
        await Eventually.HoldsAsync(() => IsAnsweredAsync(gateway));
        Assert.DoesNotMatch("(?m)^memory_request_failures_total(\\{\\})? [1-9]", (await gateway.GetAsync("/metrics")).Text);
    }

    /// <summary>No: refused for want of room, or given up itself, by a reader that was too slow for the second it has.</summary>
    private static async Task<bool> IsAnsweredAsync(RunningGateway gateway)
    {
        try
        {
            return (await gateway.PostAsync("/v1/recall", """{"query":"x"}""")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task FillAsync(RunningGateway gateway, int turns)
    {
        var filler = new string('x', (LongContent / 2) - 30);
        for (var i = 0; i < turns; i++)
        {
            var content = $"{filler} the lighthouse number {i:00} is here {filler}".PadRight(LongContent, '.')[..LongContent];
            await gateway.Client.AppendAsync("long", new AppendTurnRequest { Role = "user", Content = content });
        }
    }
}
