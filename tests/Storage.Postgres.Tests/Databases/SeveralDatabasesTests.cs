using MemoryOrleans.Feed;
using MemoryOrleans.Hosting;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Two real databases, one of them behind a port that can be cut.</summary>
public sealed class SeveralDatabasesTests : IAsyncLifetime
{

    private TwoDatabases databases = null!;
    private Forwarder way = null!;
    private PostgresStoreOptions second = null!;
    private RoutedStore store = null!;

    public async ValueTask InitializeAsync()
    {
        databases = await TwoDatabases.MakeAsync();
        (way, var url) = Forwarder.To(databases.Second.Url);
        second = databases.Second with { Url = url };
        store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await way.DisposeAsync();
        await databases.DisposeAsync();
    }

    [Fact]
    public async Task New_tenants_go_to_the_emptiest_and_stay_there_for_every_process()
    {
        await using var other = await OpenAsync();
        foreach (var name in Enumerable.Range(0, 6).Select(static i => $"t{i}"))
        {
            var sample = new SampleTurns("s", name);
            Assert.Null((await other.FindDatabaseAsync(name, default)).Value);
            Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next("hello")));
            Assert.Equal((await store.FindDatabaseAsync(name, default)).Value, (await other.FindDatabaseAsync(name, default)).Value);
            Assert.Equal("hello", Assert.Single(await other.ReadTurnsAsync(sample.Key, 0, 10, default)).Content);
            Assert.Equal(CommitStatus.Committed, await other.CommitAsync(sample.Next("again")));
            Assert.Equal(2, await store.HeadAsync(new PartitionKey(name, "ada"), default));
        }

        await Eventually.HoldsAsync(async () => (await store.ListDatabasesAsync(default))
            .All(static each => each is { Fault: null, Bytes: not null }));
        var listed = await store.ListDatabasesAsync(default);
        Assert.Equal([("home", 3L, true, null), ("second", 3L, true, null)],
            listed.Select(each => (each.Name, each.Tenants, each.Bytes > 0, each.Fault)));
        for (var i = 0; i < 6; i++)
        {
            var isHome = (await store.FindDatabaseAsync($"t{i}", default)).Value == TenantDatabase.Home;
            Assert.Equal(isHome ? (2L, 0L) : (0L, 2L), await CountAsync("turns", $"t{i}"));
        }
    }

    [Fact]
    public async Task Two_processes_that_place_one_tenant_at_once_agree()
    {
        await using var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var (one, two) = (new SampleTurns("one", $"t{i}"), new SampleTurns("two", $"t{i}"));
            var statuses = await Task.WhenAll(store.CommitAsync(one.Next("hello")), other.CommitAsync(two.Next("hello")));
            Assert.Equal([CommitStatus.Committed, CommitStatus.Committed], statuses);
            Assert.Equal(2, (await store.SummarizeAsync($"t{i}", default)).Sessions);
        }));
        Assert.Equal(40, (await store.ListDatabasesAsync(default)).Sum(static each => each.Tenants));
    }

    [Fact]
    public async Task An_operator_may_say_where_a_new_tenant_goes_but_not_where_an_old_one_is()
    {
        Assert.Equal("second", (await store.PlaceTenantAsync("acme", "second", default)).Value);
        await store.SaveSettingsAsync("acme", new TenantSettings(5), default);
        Assert.Equal((0L, 1L), await CountAsync("tenant_settings", "acme"));
        Assert.Equal("second", (await store.PlaceTenantAsync("acme", "second", default)).Value);
        Assert.Equal(ErrorCode.Conflict, (await store.PlaceTenantAsync("acme", "home", default)).Error?.Code);
        Assert.Equal("database", (await store.PlaceTenantAsync("other", "third", default)).Error?.Field);
    }

    [Fact]
    public async Task Tenants_from_before_there_were_several_stay_where_they_are()
    {
        var sample = new SampleTurns("s", "old");
        await using (var alone = await PostgresStore.OpenAsync(databases.Home, TimeProvider.System))
            Assert.Equal(CommitStatus.Committed, await alone.CommitAsync(sample.Next("from before")));
        await store.PlaceTenantAsync("another", "home", default);

        Assert.Single(await store.ReadTurnsAsync(sample.Key, 0, 10, default));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next("from now")));
        Assert.Equal("home", (await store.FindDatabaseAsync("old", default)).Value);
        Assert.Equal(2, await TwoDatabases.CountAsync(databases.Home, "turns", "old"));
    }

    [Fact]
    public async Task Due_work_of_every_database_is_found_and_ended_where_it_is()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (tenant, database) in new[] { ("one", "home"), ("two", "second") })
        {
            await store.PlaceTenantAsync(tenant, database, default);
            for (var i = 0; i < 3; i++)
                await store.WakeAsync(tenant, DueKinds.Distil, $"s{i}", now, default);
        }

        Assert.Equal(6, Assert.Single(await store.CountAsync(null, default)).Ready);
        var claimed = new List<DueWork>();
        for (var round = 0; round < 6; round++)
            claimed.AddRange(await store.ClaimAsync([DueKinds.Distil], 2, now.AddSeconds(1), TimeSpan.FromMinutes(1), default));
        var wanted = new[] { "one", "two" }.SelectMany(static tenant => Enumerable.Range(0, 3).Select(i => (tenant, $"s{i}")));
        Assert.Equal(wanted, claimed.Select(each => (each.Tenant, each.Subject)).Order());
        foreach (var work in claimed)
            Assert.True(await store.FinishAsync(work, 1, now, default));
        Assert.Empty(await store.CountAsync(null, default));
    }

    [Fact]
    public async Task A_database_out_of_reach_stops_its_own_tenants_only_and_comes_back_by_itself()
    {
        var (near, far) = (new SampleTurns("s", "near"), new SampleTurns("s", "far"));
        await store.PlaceTenantAsync("near", "home", default);
        await store.PlaceTenantAsync("far", "second", default);
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(near.Next("hello")));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(far.Next("hello")));
        await store.WakeAsync("near", DueKinds.Distil, "s", TimeProvider.System.GetUtcNow(), default);

        await way.CutAsync();
        Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(new SampleTurns("t", "far").Next("lost?")));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.ReadTurnsAsync(far.Key, 0, 10, default));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(near.Next("again")));
        Assert.Single(await store.ClaimAsync([DueKinds.Distil], 10, TimeProvider.System.GetUtcNow().AddSeconds(1), TimeSpan.FromMinutes(1),
            default));
        await store.ProbeAsync(default);
        await Eventually.HoldsAsync(async () => (await store.ListDatabasesAsync(default)).Select(static each => each.Fault is null)
            .SequenceEqual([true, false]));
        // New ones go where there is room and an answer.
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(new SampleTurns("s", "new").Next("hello")));
        Assert.Equal("home", (await store.FindDatabaseAsync("new", default)).Value);

        // A process that starts now serves the others' tenants as well.
        await using var late = await OpenAsync();
        Assert.Equal(2, (await late.ReadTurnsAsync(near.Key, 0, 10, default)).Count);
        Assert.Equal(CommitStatus.Unavailable, await late.CommitAsync(new SampleTurns("t", "far").Next("lost?")));

        way.Mend();
        foreach (var each in new[] { store, late })
            await Eventually.HoldsAsync(async () => (await each.ListDatabasesAsync(default))
                .All(static database => database.Fault is null));
        Assert.Equal(CommitStatus.Committed, await store.CommitAsync(far.Next("again")));
        Assert.Equal(2, (await late.ReadTurnsAsync(far.Key, 0, 10, default)).Count);
    }

    [Fact]
    public async Task Spaces_of_vectors_are_the_same_in_every_database()
    {
        await store.PlaceTenantAsync("far", "second", default);
        var space = await store.OpenSpaceAsync("a model", 3, TimeProvider.System.GetUtcNow(), default);
        await using (var alone = await PostgresStore.OpenAsync(databases.Second, TimeProvider.System))
            Assert.Equal(await store.ListSpacesAsync(default), await alone.ListSpacesAsync(default));

        // One that was away when a space was opened, and another was dropped, catches up.
        await way.CutAsync();
        var next = await store.OpenSpaceAsync("another model", 4, TimeProvider.System.GetUtcNow(), default);
        Assert.True(await store.ActivateAsync(next.Id, default));
        way.Mend();
        await Eventually.HoldsAsync(async () => (await store.ListDatabasesAsync(default)).All(static database => database.Fault is null));
        await store.RemoveExpiredAsync(TimeProvider.System.GetUtcNow(), default);
        await using (var alone = await PostgresStore.OpenAsync(databases.Second, TimeProvider.System))
            Assert.Equal(await store.ListSpacesAsync(default), await alone.ListSpacesAsync(default));
        Assert.True(await store.DropSpaceAsync(space.Id, default));
        await using (var alone = await PostgresStore.OpenAsync(databases.Second, TimeProvider.System))
            Assert.Equal(next.Id, Assert.Single(await alone.ListSpacesAsync(default)).Id);
    }

    [Fact]
    public async Task A_database_with_tenants_of_another_memory_is_refused()
    {
        await store.DisposeAsync();
        await using (var alone = await PostgresStore.OpenAsync(databases.Second, TimeProvider.System))
            Assert.Equal(CommitStatus.Committed, await alone.CommitAsync(new SampleTurns("s", "somebody").Next("hello")));
        var refused = await Assert.ThrowsAsync<StoreServerUnfitException>(OpenAsync);
        Assert.Contains("another memory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_has_tenants_must_be_named()
    {
        await store.PlaceTenantAsync("far", "second", default);
        var refused = await Assert.ThrowsAsync<StoreServerUnfitException>(
            () => RoutedStore.OpenAsync(databases.Home, new Dictionary<string, PostgresStoreOptions>(), TimeProvider.System));
        Assert.Contains("'second'", refused.Message, StringComparison.Ordinal);
        await using var alone = await PostgresStore.OpenAsync(databases.Home, TimeProvider.System);
        Assert.Equal(refused.Message, (await Assert.ThrowsAsync<StoreServerUnfitException>(() => alone.CheckAloneAsync(default))).Message);
        await using var other = await PostgresStore.OpenAsync(databases.Second, TimeProvider.System);
        await other.CheckAloneAsync(default);
    }

    private async Task<(long Home, long Second)> CountAsync(string table, string tenant) =>
        (await TwoDatabases.CountAsync(databases.Home, table, tenant), await TwoDatabases.CountAsync(databases.Second, table, tenant));

    private Task<RoutedStore> OpenAsync() =>
        RoutedStore.OpenAsync(databases.Home, new Dictionary<string, PostgresStoreOptions> { ["second"] = second }, TimeProvider.System);
}
