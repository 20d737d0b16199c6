using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract partial class DueConformance : StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    // Claims are over all tenants: a prefix of its own keeps other tests' work out.
    private readonly string prefix = $"test{Guid.NewGuid():N}:";

    private IDueStore Due => Store.Due;

    private string Kind => prefix + "one";

    [Fact]
    public async Task Work_is_claimed_by_whoever_holds_its_shard()
    {
        var now = Tick();
        for (var i = 0; i < 200; i++)
            await Due.WakeAsync(Tenant, prefix + "a", $"s{i}", now, default);
        var shards = new DueShards();
        foreach (var shard in new[] { 0, 5, 31, 32, 63 })
            shards.Hold(shard);
        shards.Release(5);

        var mine = await Due.ClaimAsync([prefix], 200, now, Lease, default, shards.Held);
        var others = await Due.ClaimAsync([prefix], 200, now, Lease, default, ~shards.Held);

        Assert.Equal([0, 31, 32, 63], mine.Select(static work => DueShards.Of(work.Id)).Distinct().Order());
        Assert.Equal(200, mine.Concat(others).Select(static work => work.Id).Distinct().Count());
    }

    [Fact]
    public async Task Woken_work_is_claimed_once_it_is_due()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(10), default);

        Assert.Empty(await ClaimAsync(now));
        var work = Assert.Single(await ClaimAsync(now.AddSeconds(10)));
        Assert.Equal((Tenant, Kind, "s", DueState.Ready), (work.Tenant, work.Kind, work.Subject, work.State));
        Assert.Equal((0L, 1, 1L, 1L), (work.Cursor, work.Attempts, work.Wakes, work.Claims));
        Assert.Equal((now.AddSeconds(10), null, now.AddSeconds(10)), (work.DueAt, work.LastError, work.LastRunAt));
    }

    [Fact]
    public async Task Waking_again_makes_it_due_at_the_earlier_time_and_doubles_nothing()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(10), default);
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(5), default);
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(20), default);

        var work = Assert.Single(await ClaimAsync(now.AddSeconds(5)));
        Assert.Equal((3L, now.AddSeconds(5)), (work.Wakes, work.DueAt));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task What_came_due_last_is_claimed_before_the_rest_when_asked_so()
    {
        var now = Tick();
        foreach (var (subject, seconds) in new[] { ("s3", 3), ("s1", 1), ("s2", 2), ("later", 120) })
            await Due.WakeAsync(Tenant, prefix + seconds, subject, now.AddSeconds(seconds), default);
        Assert.Equal(["s3", "s2"],
            (await Due.ClaimAsync([prefix], 2, now.AddMinutes(1), Lease, default, newestFirst: true)).Select(work => work.Subject));
    }

    [Fact]
    public async Task The_longest_overdue_of_the_kinds_asked_for_comes_first()
    {
        var now = Tick();
        foreach (var (kind, subject, seconds) in new[] { ("a", "s3", 3), ("b", "s1", 1), ("a", "s2", 2), ("c", "s0", 0), ("b", "s4", 4) })
            await Due.WakeAsync(Tenant, prefix + kind, subject, now.AddSeconds(seconds), default);

        var first = await Due.ClaimAsync([prefix + "a", prefix + "b"], 3, now.AddMinutes(1), Lease, default);
        var rest = await Due.ClaimAsync([prefix], 10, now.AddMinutes(1), Lease, default);

        Assert.Equal(["s1", "s2", "s3"], first.Select(work => work.Subject));
        Assert.Equal(["s0", "s4"], rest.Select(work => work.Subject));
        Assert.Empty(await Due.ClaimAsync([], 10, now.AddHours(1), Lease, default));
    }

    [Fact]
    public async Task Claimed_work_is_nobody_else_s_until_the_lease_is_over()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var first = Assert.Single(await ClaimAsync(now));

        Assert.Empty(await ClaimAsync(now + Lease - TimeSpan.FromSeconds(1)));
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        Assert.Empty(await ClaimAsync(now + Lease - TimeSpan.FromSeconds(1)));
        var second = Assert.Single(await ClaimAsync(now + Lease));

        Assert.Equal((first.Claims + 1, 2), (second.Claims, second.Attempts));
        Assert.False(await Due.FinishAsync(first, 7, now + Lease, default));
        Assert.False(await Due.PostponeAsync(first, 7, now, now + Lease, default));
        Assert.False(await Due.RetryAsync(first, 7, now, "lost", now + Lease, default));
        Assert.False(await Due.BuryAsync(first, 7, "lost", now + Lease, default));
        Assert.True(await Due.FinishAsync(second, 7, now + Lease, default));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_claim_whose_lease_is_over_may_still_be_ended_while_nobody_has_it()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));

        Assert.True(await Due.FinishAsync(work, 1, now + Lease + Lease, default));
    }

    [Fact]
    public async Task Work_woken_while_it_is_done_is_done_again_from_where_it_got()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(1), default);

        Assert.True(await Due.FinishAsync(work, 42, now.AddSeconds(2), default));
        Assert.Empty(await ClaimAsync(now.AddMilliseconds(500)));
        var again = Assert.Single(await ClaimAsync(now.AddSeconds(2)));
        Assert.Equal((42L, 1, now.AddSeconds(1)), (again.Cursor, again.Attempts, again.DueAt));
        Assert.True(await Due.FinishAsync(again, 43, now.AddSeconds(3), default));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Work_that_goes_on_comes_back_without_a_failure_counted()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        Assert.True(await Due.RetryAsync(work, 1, now.AddSeconds(1), "no answer", now, default));
        work = Assert.Single(await ClaimAsync(now.AddSeconds(1)));
        Assert.True(await Due.PostponeAsync(work, 5, now.AddSeconds(30), now.AddSeconds(2), default));

        Assert.Empty(await ClaimAsync(now.AddSeconds(29)));
        work = Assert.Single(await ClaimAsync(now.AddSeconds(30)));
        Assert.Equal((5L, 1, null), (work.Cursor, work.Attempts, work.LastError));
    }

    [Fact]
    public async Task Postponed_work_woken_meanwhile_is_due_when_the_wake_asked()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(3), default);
        Assert.True(await Due.PostponeAsync(work, 5, now.AddMinutes(2), now.AddSeconds(2), default));

        Assert.Empty(await ClaimAsync(now.AddSeconds(2)));
        Assert.Single(await ClaimAsync(now.AddSeconds(3)));
    }

    [Fact]
    public async Task A_retry_waits_its_time_whoever_wakes_it()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        Assert.True(await Due.RetryAsync(work, 2, now.AddMinutes(1), "no answer", now, default));
        await Due.WakeAsync(Tenant, Kind, "s", now, default);

        Assert.Empty(await ClaimAsync(now.AddSeconds(59)));
        work = Assert.Single(await ClaimAsync(now.AddMinutes(1)));
        Assert.Equal((2L, 2, "no answer"), (work.Cursor, work.Attempts, work.LastError));
        Assert.True(await Due.FinishAsync(work, 3, now.AddMinutes(1), default));
    }

    [Fact]
    public async Task A_pause_that_is_over_holds_nothing_back_later()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        Assert.True(await Due.RetryAsync(work, 0, now.AddHours(1), "no answer", now, default));
        work = Assert.Single(await ClaimAsync(now.AddHours(1)));
        Assert.True(await Due.PostponeAsync(work, 0, now.AddHours(9), now.AddHours(1), default));
        await Due.WakeAsync(Tenant, Kind, "s", now, default);

        Assert.Single(await ClaimAsync(now.AddHours(1)));
    }

    [Fact]
    public async Task Dead_work_waits_to_be_requeued()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        Assert.True(await Due.BuryAsync(work, 9, new string('x', 600), now, default));

        Assert.Empty(await ClaimAsync(now.AddDays(1)));
        var dead = Assert.Single(await ListAsync(DueState.Dead));
        Assert.Equal((DueState.Dead, 9L, 1, 500), (dead.State, dead.Cursor, dead.Attempts, dead.LastError!.Length));
        Assert.Empty(await ListAsync(DueState.Ready));
        Assert.Null(await Due.RequeueAsync(NewTenant(), dead.Id, now, default));
        var requeued = await Due.RequeueAsync(Tenant, dead.Id, now.AddDays(1), default);
        Assert.Equal((DueState.Ready, 0, now.AddDays(1)), (requeued!.State, requeued.Attempts, requeued.DueAt));
        Assert.Null(await Due.RequeueAsync(Tenant, dead.Id, now, default));
        Assert.Equal(1, Assert.Single(await ClaimAsync(now.AddDays(1))).Attempts);
    }

    [Fact]
    public async Task A_wake_revives_the_dead()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var work = Assert.Single(await ClaimAsync(now));
        Assert.True(await Due.BuryAsync(work, 9, "broken", now, default));
        await Due.WakeAsync(Tenant, Kind, "s", now.AddSeconds(5), default);

        Assert.Empty(await ClaimAsync(now.AddSeconds(4)));
        var revived = Assert.Single(await ClaimAsync(now.AddSeconds(5)));
        Assert.Equal((1, 9L), (revived.Attempts, revived.Cursor));
    }

    [Fact]
    public async Task A_commit_wakes_what_it_names_and_a_stale_one_nothing()
    {
        var script = Script("s", "ada");
        var now = Tick();
        var commit = script.PrepareAppend("one") with { Wakes = [new Wake(Kind, now), new Wake(prefix + "two", now.AddMinutes(1))] };
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(commit));
        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(commit with { Wakes = [new Wake(prefix + "never", now)] }));
        var closing = script.PrepareClose() with { Wakes = [new Wake(Kind, now.AddSeconds(-5))] };
        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(closing));

        var works = (await ListAsync()).OrderBy(work => work.Kind, StringComparer.Ordinal).ToArray();
        Assert.Equal([(Kind, "s", 2L, now.AddSeconds(-5)), (prefix + "two", "s", 1L, now.AddMinutes(1))],
            works.Select(work => (work.Kind, work.Subject, work.Wakes, work.DueAt)));
    }

    [Fact]
    public async Task Commits_of_many_sessions_at_once_wake_each_of_them()
    {
        var scripts = Enumerable.Range(0, 20).Select(i => Script($"s{i}", $"user{i % 3}")).ToArray();
        var now = Tick();
        var sent = new List<Task<CommitStatus>>();
        for (var round = 0; round < 5; round++)
            sent.AddRange(scripts.Select(script =>
                Sessions.CommitAsync(script.PrepareAppend("more") with { Wakes = [new Wake(Kind, now)] })));

        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(CommitStatus.Committed, status));
        Assert.Equal(scripts.Select(script => script.Key.Id).Order(StringComparer.Ordinal),
            (await ListAsync()).Select(work => work.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deleting_a_session_deletes_its_work_and_ends_its_claims()
    {
        var (doomed, kept) = (Script("doomed"), Script("kept"));
        var now = Tick();
        foreach (var script in new[] { doomed, kept })
            Assert.Equal(CommitStatus.Committed,
                await Sessions.CommitAsync(script.PrepareAppend("one") with { Wakes = [new Wake(Kind, now)] }));
        var claimed = (await ClaimAsync(now)).Single(work => work.Subject == "doomed");
        await doomed.DeleteAsync();

        Assert.Equal("kept", Assert.Single(await ListAsync()).Subject);
        Assert.False(await Due.FinishAsync(claimed, 1, now, default));
        // A session of the same id, woken and claimed: the old claim's token must not fit it.
        Assert.Equal(CommitStatus.Committed,
            await Sessions.CommitAsync(doomed.PrepareAppend("anew") with { Wakes = [new Wake(Kind, now)] }));
        var anew = (await ClaimAsync(now)).Single(work => work.Subject == "doomed");
        Assert.Equal(claimed.Claims, anew.Claims);
        Assert.False(await Due.FinishAsync(claimed, 1, now, default));
        Assert.True(await Due.FinishAsync(anew, 1, now, default));
    }

    [Fact]
    public async Task Work_is_listed_in_pages_of_its_own_tenant()
    {
        var (now, other) = (Tick(), NewTenant());
        foreach (var i in Enumerable.Range(0, 7))
        {
            await Due.WakeAsync(Tenant, $"{prefix}{i % 2}", $"s{i}", now, default);
            await Due.WakeAsync(other, Kind, $"s{i}", now, default);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await Due.ListAsync(Tenant, DueState.Ready, prefix, cursor, 3, default)).Value;
            seen.AddRange(page.Items.Select(work => work.Subject));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"s{i}"), seen);
        Assert.Equal(3, (await Due.ListAsync(Tenant, null, prefix + "1", null, 10, default)).Value.Items.Count);
        Assert.Equal("cursor", (await Due.ListAsync(Tenant, null, null, "nonsense", 10, default)).Error!.Field);
    }

    [Fact]
    public async Task Backlogs_count_ready_and_dead_by_kind()
    {
        var (now, other) = (Tick(), NewTenant());
        await Due.WakeAsync(Tenant, Kind, "s1", now.AddSeconds(1), default);
        await Due.WakeAsync(Tenant, Kind, "s2", now.AddSeconds(2), default);
        await Due.WakeAsync(other, Kind, "s1", now.AddSeconds(3), default);
        await Due.WakeAsync(Tenant, prefix + "two", "", now, default);
        var doomed = Assert.Single(await Due.ClaimAsync([prefix + "two"], 1, now, Lease, default));
        Assert.True(await Due.BuryAsync(doomed, 0, "broken", now, default));

        Assert.Equal(
            [new DueBacklog(Kind, 2, 0, now.AddSeconds(1)), new DueBacklog(prefix + "two", 0, 1, null)],
            (await Due.CountAsync(Tenant, default)).Where(IsOwn));
        Assert.Equal(3, (await Due.CountAsync(null, default)).Single(backlog => backlog.Kind == Kind).Ready);
    }

    [Fact]
    public async Task Of_many_claiming_at_once_each_gets_work_of_its_own()
    {
        var now = Tick();
        foreach (var i in Enumerable.Range(0, 60))
            await Due.WakeAsync(i % 2 == 0 ? Tenant : NewTenant(), Kind, $"s{i}", now, default);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var mine = new List<DueWork>();
            while (await ClaimAsync(now, 7) is { Count: > 0 } works)
                mine.AddRange(works);
            return mine;
        })));

        // One that met only rows another was claiming that moment came away early; nothing is claimed twice, and nothing lost.
        var all = claimed.SelectMany(works => works).Concat(await ClaimAsync(now, 100)).Select(work => work.Subject).ToArray();
        Assert.Equal(60, all.Length);
        Assert.Equal(60, all.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Work_survives_a_reopening()
    {
        var now = Tick();
        await Due.WakeAsync(Tenant, Kind, "s", now, default);
        var claimed = Assert.Single(await ClaimAsync(now));
        await Store.ReopenAsync();

        Assert.Empty(await ClaimAsync(now));
        Assert.True(await Due.PostponeAsync(claimed, 3, now, now, default));
        Assert.Equal(3, Assert.Single(await ClaimAsync(now)).Cursor);
    }

    private bool IsOwn(DueBacklog backlog) => backlog.Kind.StartsWith(prefix, StringComparison.Ordinal);

    private ValueTask<IReadOnlyList<DueWork>> ClaimAsync(DateTimeOffset now, int limit = 10) =>
        Due.ClaimAsync([prefix], limit, now, Lease, default);

    private async Task<IReadOnlyList<DueWork>> ListAsync(DueState? state = null) =>
        (await Due.ListAsync(Tenant, state, prefix, null, 100, default)).Value.Items;
}
