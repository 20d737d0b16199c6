using MemoryOrleans.Embeddings;
using MemoryOrleans.Models.Neural;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Models.Tests.Neural;

public sealed class GuardTests
{
    private static readonly Behaviour Failing = new() { Act = Act.Refuse, Status = 500 };

    [Fact]
    public async Task After_too_many_failures_nothing_is_sent_until_the_break_is_over_and_one_answer_ends_it()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options
            with { CircuitRequestsMin = 4, CircuitBreak = TimeSpan.FromSeconds(15) });
        test.Server.Behaviour = Failing;
        for (var i = 0; i < 4; i++)
            await test.FailAsync("a boat");
        Assert.Equal((4, 2), (test.Server.Requests, test.Measure("memory_embedder_circuit_state")));
        test.Time.Advance(TimeSpan.FromSeconds(5));
        var refused = await test.FailAsync("a boat");
        Assert.Equal((4, true), (test.Server.Requests, refused.IsPassing));
        Assert.NotNull(refused.RetryAfter);
        Assert.InRange(refused.RetryAfter.Value.TotalSeconds, 0.1, 10);

        test.Time.Advance(TimeSpan.FromSeconds(11));
        await test.FailAsync("a boat");
        await test.FailAsync("a boat");
        Assert.Equal(5, test.Server.Requests);

        test.Server.Behaviour = Behaviour.Normal;
        test.Time.Advance(TimeSpan.FromSeconds(16));
        await test.EmbedAsync("a boat");
        await test.EmbedAsync("a boat");
        Assert.Equal((7, 0), (test.Server.Requests, test.Measure("memory_embedder_circuit_state")));
    }

    [Fact]
    public async Task While_the_circuit_is_half_open_one_request_probes_and_others_are_refused()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { CircuitRequestsMin = 2 });
        test.Server.Behaviour = Failing;
        await test.FailAsync("a boat");
        await test.FailAsync("a boat");
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        test.Time.Advance(TimeSpan.FromSeconds(16));
        var probe = test.EmbedAsync("a boat");
        await test.Server.WhenRequestsAsync(3);
        Assert.Equal(1, test.Measure("memory_embedder_circuit_state"));
        await test.FailAsync("a bridge");
        Assert.Equal(3, test.Server.Requests);
        test.Server.Behaviour = Behaviour.Normal;
        Assert.Single(await probe);
        Assert.Equal(0, test.Measure("memory_embedder_circuit_state"));
    }

    [Fact]
    public async Task Failures_that_last_do_not_open_the_circuit()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { CircuitRequestsMin = 2 });
        test.Server.Behaviour = Failing with { Status = 400 };
        for (var i = 0; i < 6; i++)
            await test.FailAsync("a boat");
        Assert.Equal(6, test.Server.Requests);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("Mon, 03 Mar 2025 09:15:30 GMT")]
    public async Task A_pause_that_the_server_asks_for_is_kept(string retryAfter)
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { Act = Act.Refuse, Status = 429, RetryAfter = retryAfter, Times = 1 };
        var failure = await test.FailAsync("a boat");
        Assert.Equal((true, TimeSpan.FromSeconds(30)), (failure.IsPassing, failure.RetryAfter));
        Assert.Equal(EmbedderCondition.LeftAlone, test.Embedder.State.Condition);
        test.Time.Advance(TimeSpan.FromSeconds(29));
        failure = await test.FailAsync("a boat");
        Assert.Equal((1, TimeSpan.FromSeconds(1)), (test.Server.Requests, failure.RetryAfter));
        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await test.EmbedAsync("a boat"));
    }

    [Fact]
    public async Task A_pause_that_Google_asks_for_in_the_body_is_kept()
    {
        await using var test = await EmbedderUnderTest.StartAsync(provider: EmbedderProvider.Gemini);
        test.Server.Behaviour = new Behaviour { Act = Act.Refuse, Status = 429, RetryDelay = "3.5s" };
        Assert.Equal(TimeSpan.FromSeconds(3.5), (await test.FailAsync("a boat")).RetryAfter);
        await test.FailAsync("a boat");
        Assert.Equal(1, test.Server.Requests);
    }

    [Fact]
    public async Task The_state_tells_how_the_last_requests_went_and_since_when()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { CircuitRequestsMin = 3 });
        Assert.Equal(EmbedderState.Unknown, test.Embedder.State);
        await test.EmbedAsync("a boat");
        Assert.Equal(new EmbedderState(EmbedderCondition.Answering, test.Time.GetUtcNow(), null), test.Embedder.State);
        test.Time.Advance(TimeSpan.FromSeconds(60));
        var failingSince = test.Time.GetUtcNow();
        test.Server.Behaviour = Failing;
        await test.FailAsync("a boat");
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.FailAsync("a boat");
        Assert.Equal(new EmbedderState(EmbedderCondition.Failing, failingSince, "The embedder answered 500."), test.Embedder.State);
        await test.FailAsync("a boat");
        Assert.Equal(new EmbedderState(EmbedderCondition.LeftAlone, failingSince, "The embedder answered 500."), test.Embedder.State);
    }

    [Fact]
    public async Task A_caller_can_give_up_at_once_and_the_server_is_judged_all_the_same()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options
            with { CircuitRequestsMin = 2, Timeout = TimeSpan.FromSeconds(10) });
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        for (var i = 1; i <= 2; i++)
        {
            using var patience = new CancellationTokenSource();
            var asking = test.AskAsync($"which boat {i}?", patience.Token);
            await test.Server.WhenRequestsAsync(i);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(EmbedderCondition.Unknown, test.Embedder.State.Condition);
        test.Time.Advance(TimeSpan.FromSeconds(11));
        await UntilAsync(() => test.Measure("memory_embedder_circuit_state") == 2);
        await test.FailAsync("a boat");
        Assert.Equal(2, test.Server.Requests);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_already_sends_nothing()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.AskAsync("which boat?", new CancellationToken(canceled: true)));
        Assert.Equal(0, test.Server.Requests);
    }

    [Fact]
    public async Task Many_callers_get_their_own_vectors_over_a_few_requests_at_a_time()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options
            with { ConcurrentRequestsMax = 3, BatchTextsMax = 2 });
        test.Server.Behaviour = new Behaviour { DelayMilliseconds = 1 };
        var alone = new List<float[]>();
        for (var i = 0; i < 40; i++)
            alone.Add((await test.EmbedAsync($"boat number {i}"))[0]);
        var all = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => test.EmbedAsync($"boat number {i}", $"boat number {39 - i}", "a boat"))));
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(alone[i], all[i][0]);
            Assert.Equal(alone[39 - i], all[i][1]);
        }

        Assert.InRange(test.Server.UnderWayMost, 1, 3);
    }

    [Fact]
    public async Task A_question_finds_a_slot_while_a_backlog_of_stored_texts_fills_the_others()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { ConcurrentRequestsMax = 3 });
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        var backlog = Task.WhenAll(Enumerable.Range(0, 10).Select(i => test.EmbedAsync($"boat {i}")));
        await test.Server.WhenRequestsAsync(2);
        var asking = test.AskAsync("which boat?");
        await test.Server.WhenRequestsAsync(3);
        Assert.Contains(test.Server.Seen, static seen => seen.Texts[0] == "which boat?");
        test.Server.Behaviour = Behaviour.Normal;
        await asking;
        Assert.Equal(10, (await backlog).Length);
    }

    [Fact]
    public async Task Callers_that_give_up_waiting_leave_their_slots_to_others()
    {
        await using var test = await EmbedderUnderTest.StartAsync(static options => options with { ConcurrentRequestsMax = 1 });
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        var first = test.AskAsync("which boat?");
        await test.Server.WhenRequestsAsync(1);
        using var patience = new CancellationTokenSource();
        var waiting = test.Embedder.EmbedAsync(EmbedderUnderTest.Model, null, ["a boat"], TextRole.Stored, patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        test.Server.Behaviour = Behaviour.Normal;
        await first;
        Assert.Single(await test.EmbedAsync("a bridge"));
    }

    [Fact]
    public async Task Disposal_ends_the_requests_under_way()
    {
        await using var test = await EmbedderUnderTest.StartAsync();
        test.Server.Behaviour = new Behaviour { Act = Act.Hang };
        var asking = test.AskAsync("which boat?");
        await test.Server.WhenRequestsAsync(1);
        test.Embedder.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    // What happens on other threads after a time-out went off, with nothing to await.
    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isTrue())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
