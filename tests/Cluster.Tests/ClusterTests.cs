using MemoryOrleans.Engine;
using MemoryOrleans.Grains;
using MemoryOrleans.Memories;
using MemoryOrleans.Retention;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>What only a cluster can do or lose.</summary>
public sealed class ClusterTests
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Due_work_of_the_time_without_silos_is_done_once_after_their_start()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        await under.StopAsync();
        for (var i = 0; i < 12; i++)
            await CloseWithoutSilosAsync(under.Database, new SessionKey(Tenant, $"s{i}"));
        await under.RestartAsync();

        var episodes = await WhenAllDistilledAsync(under, 12);

        Assert.Equal(12, episodes.Select(static episode => episode.Owner.SessionId).Distinct().Count());
        Assert.Equal(12, episodes.Count);
        Assert.All(await DueAsync(under), static work => Assert.NotEqual(DueKinds.Distil, work.Kind));
    }

    [Fact]
    public async Task Reminders_alone_get_everything_done_when_nothing_looks_for_due_work()
    {
        var options = new EngineOptions
        {
            LooksForDueWork = false,
            Upkeep = new UpkeepRules
            {
                SessionTtl = TimeSpan.FromMilliseconds(1), SessionCleanupPeriod = Often, RetentionPeriod = Often, DecaySweepPeriod = Often,
                Retention = new RetentionSettings { General =
                new RetentionRules { Default = new RetentionRule { MaxAgeDays = 1, ImportanceThreshold = 0.9 } } },
            },
        };
        await using var under = await ClusterUnderTest.StartAsync(options, reminders: new ShardReminders(TimeSpan.FromSeconds(1)));
        await AppendAsync(under, 0);
        Assert.True((await under.Host.Sessions.CloseAsync(new SessionKey(Tenant, "s0"), null, default)).IsSuccess);

        var episodes = await WhenAllDistilledAsync(under, 1);
        Assert.Single(episodes);

        // Clean-up removes what is distilled; it, decay and retention have each ended a round.
        await Eventually.HoldsAsync(async () => (await under.Host.Sessions.GetAsync(new SessionKey(Tenant, "s0"), default))
            .Error?.Code == ErrorCode.NotFound);
        await Eventually.HoldsAsync(async () => (await under.Host.Upkeep.ListJobsAsync(Tenant, default))
            .All(static job => job.Run?.LastRunAt is not null));
        Assert.Equal(3, (await under.Host.Upkeep.ListJobsAsync(Tenant, default)).Count);
    }

    [Fact]
    public async Task A_session_goes_on_after_its_silo_was_killed_and_no_turn_is_lost_or_doubled()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        for (var i = 0; i < 40; i++)
            await AppendAsync(under, i);
        await under.Cluster.KillSiloAsync(under.Cluster.Silos[1]);
        for (var i = 40; i < 80; i++)
            await AppendAsync(under, i);

        for (var session = 0; session < 8; session++)
        {
            var turns = (await under.Host.Sessions.ListTurnsAsync(new SessionKey(Tenant, $"s{session}"), 0, 100, default)).Value;
            Assert.Equal(Enumerable.Range(1, 10).Select(static n => (long)n), turns.Select(static turn => turn.Seq));
            Assert.Equal(10, turns.Select(static turn => turn.Content).Distinct().Count());
        }
    }

    [Fact]
    public async Task A_writer_beside_the_grain_makes_it_read_the_session_again_and_the_caller_notices_nothing()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        await AppendAsync(under, 0);
        await using var store = await PostgresStore.OpenAsync(under.Database, TimeProvider.System);
        using var beside = new SessionActor(new SessionKey(Tenant, "s0"), store, TimeProvider.System,
            static () => Guid.NewGuid().ToString("n"));
        Assert.True((await beside.AppendAsync(Say("s0", "from elsewhere"), default)).IsSuccess);

        var appended = await under.Host.Sessions.AppendAsync(Say("s0", "and on"), default);

        Assert.Equal((3L, false), (appended.Value.Turns[0].Seq, appended.Value.Replayed));
    }

    [Fact]
    public async Task A_grain_answers_callers_that_say_its_tenant_and_no_others()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        var grain = under.Cluster.Client.GetGrain<ISessionGrain>(GrainKeys.Of(new SessionKey(Tenant, "direct")));
        CallContext.Tenant = "others";
        await Assert.ThrowsAnyAsync<UnauthorizedAccessException>(() => grain.AppendAsync(Say("direct", "no"), default));
        CallContext.Tenant = null;
        await Assert.ThrowsAnyAsync<UnauthorizedAccessException>(() => grain.AppendAsync(Say("direct", "no"), default));

        CallContext.Tenant = Tenant;
        var appended = await grain.AppendAsync(Say("direct", "yes"), default);

        Assert.Equal((1L, "yes"), (appended.Value.Turns[0].Seq, appended.Value.Turns[0].Content));
        Assert.Equal(ErrorCode.InvalidInput, (await grain.AppendAsync(Say("another", "no"), default)).Error?.Code);
    }

    [Fact]
    public async Task A_tenants_quota_holds_over_the_cluster_and_can_be_taken_away()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        CallContext.Tenant = Tenant;
        var tenant = under.Cluster.Client.GetGrain<ITenantGrain>(Tenant);
        Assert.Equal(ErrorCode.InvalidInput, (await tenant.SetSettingsAsync(new TenantSettings(0), default)).Error?.Code);
        Assert.True((await tenant.SetSettingsAsync(new TenantSettings(3), default)).IsSuccess);

        for (var i = 0; i < 2; i++)
            Assert.True((await under.Host.Sessions.AppendAsync(Say("s", $"{i}"), default)).IsSuccess);
        var two = Say("s", "2") with { Turns = [.. Say("s", "2").Turns, .. Say("s", "3").Turns] };
        Assert.Equal(ErrorCode.QuotaExceeded, (await under.Host.Sessions.AppendAsync(two, default)).Error?.Code);
        Assert.True((await under.Host.Sessions.AppendAsync(Say("s", "2"), default)).IsSuccess);
        Assert.Equal(ErrorCode.QuotaExceeded, (await under.Host.Sessions.AppendAsync(Say("s", "4"), default)).Error?.Code);

        CallContext.Tenant = Tenant;
        await tenant.SetSettingsAsync(new TenantSettings(), default);
        Assert.Equal(4, (await under.Host.Sessions.AppendAsync(Say("s", "4"), default)).Value.Turns[0].Seq);
    }

    [Fact]
    public async Task A_tenants_stock_gives_no_more_than_there_is_whoever_asks()
    {
        await using var under = await ClusterUnderTest.StartAsync();
        var all = under.Host.Tenants;
        var granted = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => all.LeaseAsync(Tenant, "Recalls", 1_000_000, 100_000, 1, default)));
        Assert.InRange(granted.Sum(static each => each.Value.Granted), 1_000_000, 1_400_000);
        Assert.Contains(granted, static each => each.Value.Granted < 100_000);
        CallContext.Tenant = Tenant;
        var tenant = under.Cluster.Client.GetGrain<ITenantGrain>(Tenant);
        Assert.Equal(10, (await tenant.LeaseAsync("another", 10, 50, 1)).Granted);
        var refused = await all.LeaseAsync(Tenant, "another", 10, 50, 10, default);
        Assert.Equal(0, refused.Value.Granted);
        Assert.InRange(refused.Value.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    private static AppendCommand Say(string session, string content) =>
        new(new SessionKey(Tenant, session), null, null, [new TurnDraft(null, "user", null, content, null, null)]);

    private static async Task AppendAsync(ClusterUnderTest under, int number) =>
        Assert.False((await under.Host.Sessions.AppendAsync(Say($"s{number % 8}", $"turn {number}"), default)).Value.Replayed);

    private static async Task CloseWithoutSilosAsync(PostgresStoreOptions database, SessionKey key)
    {
        await using var store = await PostgresStore.OpenAsync(database, TimeProvider.System);
        using var actor = new SessionActor(key, store, TimeProvider.System, static () => Guid.NewGuid().ToString("n"),
            new DistillationPace());
        var draft = new TurnDraft(null, "user", null, $"We decided to meet in Lisbon on {key.Id}.", null, null);
        Assert.True((await actor.AppendAsync(new AppendCommand(key, "mia", null, [draft]), default)).IsSuccess);
        Assert.True((await actor.CloseAsync(null, default)).IsSuccess);
    }

    private static async Task<IReadOnlyList<MemoryRecord>> WhenAllDistilledAsync(ClusterUnderTest under, int sessions)
    {
        var (episodes, _) = await Eventually.SeesAsync(
            async () => (Made: (await under.Host.Memories.ListAsync(Tenant, new MemoryFilter(Kind: "episode"), null, 100, default))
            .Value.Items, Due: await DueAsync(under)),
            seen => seen.Made.Count >= sessions && seen.Due.All(static work => work.Kind != DueKinds.Distil));
        return episodes;
    }

    private static async Task<IReadOnlyList<DueWork>> DueAsync(ClusterUnderTest under) =>
        (await under.Host.Due.ListAsync(Tenant, null, null, null, 100, default)).Value.Items;
}
