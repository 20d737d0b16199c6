using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Scheduling;

public sealed class DueWorkRunnerTests
{
    private static readonly DueLimits Limits = new() { AttemptsMax = 3 };
    private readonly FakeClock clock = new();
    private readonly InMemoryDueStore store = new();
    private readonly List<(string Reason, bool IsDead)> failures = [];

    private DueWorkRunner Run => new(store, clock, static () => 0, Limits, (_, failure, isDead) => failures.Add((failure.Reason, isDead)));

    [Fact]
    public async Task What_is_finished_is_gone()
    {
        await WakeAsync("s");
        Assert.Equal(1, (await Run.RunAsync(Says(static _ => new DueFinished(4)), 0, CancellationToken.None)).Claimed);
        Assert.Empty(store.Works);
        Assert.Equal(0, (await Run.RunAsync(Says(static _ => new DueFinished(4)), 0, CancellationToken.None)).Claimed);
    }

    [Fact]
    public async Task What_is_woken_while_it_is_done_is_done_again_from_where_it_got()
    {
        await WakeAsync("s");
        await Run.RunAsync(new ScriptedHandler(async (_, _) =>
        {
            await WakeAsync("s");
            return new DueFinished(4);
        }), 0, CancellationToken.None);
        Assert.Equal(4, Assert.Single(store.Works).Cursor);
    }

    [Fact]
    public async Task What_goes_on_is_due_when_it_said()
    {
        await WakeAsync("s");
        var later = clock.GetUtcNow().AddHours(1);
        await Run.RunAsync(Says(_ => new DueGoesOn(2, later)), 0, CancellationToken.None);
        var work = Assert.Single(store.Works);
        Assert.Equal((2, later, 0), (work.Cursor, work.DueAt, work.Attempts));
    }

    [Fact]
    public async Task A_failure_is_tried_again_later_and_later_and_is_dead_after_the_last_attempt()
    {
        await WakeAsync("s");
        var pauses = new List<double>();
        var handler = Says(static work => new DueFailed(work.Cursor, "refused", IsPassing: false));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, (await Run.RunAsync(handler, 0, CancellationToken.None)).Claimed);
            var work = Assert.Single(store.Works);
            pauses.Add((work.DueAt - clock.GetUtcNow()).TotalSeconds);
            clock.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal([0.5, 1], pauses.Take(2));
        var dead = Assert.Single(store.Works);
        Assert.Equal((DueState.Dead, "refused"), (dead.State, dead.LastError));
        Assert.Equal([false, false, true], failures.Select(static each => each.IsDead));
        Assert.Equal(0, (await Run.RunAsync(handler, 0, CancellationToken.None)).Claimed);
    }

    [Fact]
    public async Task A_passing_failure_never_dies_and_leaves_the_handler_alone_for_a_growing_while()
    {
        await WakeAsync("s");
        var handler = Says(static work => new DueFailed(work.Cursor, "away", IsPassing: true));
        var last = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var round = await Run.RunAsync(handler, i, CancellationToken.None);
            Assert.Equal(1, round.Claimed);
            Assert.True(round.Pause >= last);
            last = round.Pause!.Value;
            clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(DueState.Ready, Assert.Single(store.Works).State);
    }

    [Fact]
    public async Task Who_asks_to_be_left_alone_is()
    {
        await WakeAsync("s");
        var round = await Run.RunAsync(
            Says(static work => new DueFailed(work.Cursor, "busy", IsPassing: true, TimeSpan.FromMinutes(7))), 0, CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(7), round.Pause);
        Assert.Equal(clock.GetUtcNow().AddMinutes(7), Assert.Single(store.Works).DueAt);
    }

    [Fact]
    public async Task One_failure_in_a_batch_is_its_own()
    {
        await WakeAsync("bad");
        await WakeAsync("good");
        var round = await Run.RunAsync(
            Says(static work => work.Subject == "bad" ? new DueFailed(0, "refused", IsPassing: false) : new DueFinished(1), batchMax: 10),
            0, CancellationToken.None);
        Assert.Equal((2, null), (round.Claimed, round.Pause));
        Assert.Equal("bad", Assert.Single(store.Works).Subject);
    }

    [Fact]
    public async Task What_a_handler_throws_fails_its_work_without_telling_the_message()
    {
        await WakeAsync("s");
        await Run.RunAsync(Says(static _ => throw new InvalidOperationException("my diary")), 0, CancellationToken.None);
        Assert.Equal("Unexpected InvalidOperationException.", Assert.Single(store.Works).LastError);
    }

    [Fact]
    public async Task Stopping_gives_the_claim_back_at_once_and_counts_no_failure()
    {
        await WakeAsync("s");
        using var stop = new CancellationTokenSource();
        await Run.RunAsync(new ScriptedHandler(async (_, cancel) =>
        {
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return new DueFinished(0);
        }), 0, stop.Token);
        Assert.Equal(0, Assert.Single(store.Works).Attempts);
        Assert.Single(await store.ClaimAsync(["do:"], 1, clock.GetUtcNow(), Limits.Lease, CancellationToken.None));
    }

    [Fact]
    public async Task A_claim_whose_end_cannot_be_written_is_done_again_after_its_lease()
    {
        await WakeAsync("s");
        await Run.RunAsync(Says(_ =>
        {
            store.IsAway = true;
            return new DueFinished(1);
        }), 0, CancellationToken.None);
        store.IsAway = false;
        Assert.Empty(await store.ClaimAsync(["do:"], 1, clock.GetUtcNow(), Limits.Lease, CancellationToken.None));
        clock.Advance(Limits.Lease);
        Assert.Equal(1, (await Run.RunAsync(Says(static _ => new DueFinished(1)), 0, CancellationToken.None)).Claimed);
        Assert.Empty(store.Works);
    }

    private static ScriptedHandler Says(Func<DueWork, DueOutcome> outcome, int batchMax = 1) =>
        new((work, _) => Task.FromResult(outcome(work)), batchMax);

    private ValueTask WakeAsync(string subject) => store.WakeAsync("acme", "do:it", subject, clock.GetUtcNow(), CancellationToken.None);
}
