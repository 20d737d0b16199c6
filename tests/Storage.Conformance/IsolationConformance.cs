using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class IsolationConformance : StoreConformance
{
    private readonly string stranger = NewTenant();

    [Fact]
    public async Task The_same_ids_under_two_tenants_are_two_sessions()
    {
        var (mine, theirs) = (Script("s", "ada"), Script("s", "ada", tenant: stranger));
        await mine.AppendAsync("mine");
        await theirs.AppendAsync("theirs", "as well");

        Assert.Equal(mine.Turns, await ReadAllAsync(mine));
        Assert.Equal(theirs.Turns, await ReadAllAsync(theirs));
        await theirs.DeleteAsync();
        Assert.Equal(mine.Turns, await ReadAllAsync(mine));
        Assert.Equal(mine.Session, (await Sessions.FindSessionAsync(mine.Key, default)).Session);
    }

    [Fact]
    public async Task A_stranger_sees_nothing_by_any_way_of_reading()
    {
        var mine = Script("s", "ada", "agent");
        var record = await mine.AppendOnceAsync("scope", "key", Tick().AddHours(1), "one", "two");
        var theirs = new SessionKey(stranger, "s");

        Assert.Equal(default, await Sessions.FindSessionAsync(theirs, default));
        Assert.Empty((await Sessions.ListSessionsAsync(stranger, new SessionFilter(), null, 10, default)).Value.Items);
        Assert.Empty((await Sessions.ListSessionsAsync(stranger, new SessionFilter("ada", "agent"), null, 10, default)).Value.Items);
        Assert.Empty(await Sessions.ReadTurnsAsync(theirs, 0, 10, default));
        Assert.Empty(await Sessions.ReadTailAsync(theirs, 10, default));
        Assert.Empty(await Sessions.FindTurnsAsync(theirs, [mine.Turns[0].Id], default));
        Assert.Empty(await Sessions.ReadTurnsAsync(stranger, [new TurnAddress("s", 1)], default));
        Assert.Null(await Sessions.FindIdempotencyAsync(stranger, record.Scope, record.Key, Tick(), default));
        Assert.Equal(0, await Feed.HeadAsync(new PartitionKey(stranger, "ada"), default));
        Assert.Empty(await ReadFeedAsync(new PartitionKey(stranger, "ada")));
        Assert.Empty(await Feed.ListHeadsAsync(stranger, default));
        var summary = await Store.Tenants.SummarizeAsync(stranger, default);
        Assert.Equal((0L, 0L, 0L, null), (summary.Sessions, summary.Turns, summary.Users, summary.LastRecordedAt));
    }

    [Fact]
    public async Task A_stranger_can_neither_change_nor_delete()
    {
        var mine = Script("s", "ada");
        await mine.AppendAsync("one");
        var commit = mine.PrepareAppend("two");

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(commit with { Key = new SessionKey(stranger, "s") }));
        Assert.Equal(CommitStatus.Stale, await Sessions.DeleteSessionAsync(new SessionKey(stranger, "s"), 1, Tick()));
        Assert.Single(await ReadAllAsync(mine));
    }

    [Fact]
    public async Task A_cursor_of_another_tenant_leads_to_own_sessions_only()
    {
        foreach (var id in new[] { "a1", "a2", "a3" })
            await Script(id).AppendAsync("mine");
        foreach (var id in new[] { "b1", "b2", "b3" })
            await Script(id, tenant: stranger).AppendAsync("theirs");
        var foreign = (await Sessions.ListSessionsAsync(stranger, new SessionFilter(), null, 1, default)).Value.NextCursor;

        var page = (await Sessions.ListSessionsAsync(Tenant, new SessionFilter(), foreign, 10, default)).Value;
        Assert.All(page.Items, session => Assert.StartsWith("a", session.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_idempotency_key_serves_two_tenants()
    {
        var expiresAt = Tick().AddHours(1);
        await Script("s").AppendOnceAsync("scope", "key", expiresAt, "one");
        await Script("s", tenant: stranger).AppendOnceAsync("scope", "key", expiresAt, "one", "two");

        Assert.Equal(1, (await Sessions.FindIdempotencyAsync(Tenant, "scope", "key", Tick(), default))!.Count);
        Assert.Equal(2, (await Sessions.FindIdempotencyAsync(stranger, "scope", "key", Tick(), default))!.Count);
    }
}
