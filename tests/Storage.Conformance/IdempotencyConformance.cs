using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class IdempotencyConformance : StoreConformance
{
    private const string Scope = "POST /v1/sessions/s/turns";

    [Fact]
    public async Task A_record_comes_back_as_written_until_it_expires()
    {
        var script = Script("s");
        await script.AppendAsync("before");
        var expiresAt = Tick().AddHours(24);
        var record = await script.AppendOnceAsync(Scope, "key-1", expiresAt, "one", "two");

        var found = await FindAsync("key-1", expiresAt.AddMicroseconds(-1));
        Assert.NotNull(found);
        Assert.Equal(record.RequestDigest, found.RequestDigest);
        Assert.Equal(record with { RequestDigest = found.RequestDigest }, found);
        Assert.Equal((2, 2, 2L), (found.FirstSeq, found.Count, found.Version));
        Assert.Null(await FindAsync("key-1", expiresAt));
    }

    [Fact]
    public async Task A_key_belongs_to_its_scope()
    {
        await Script("s").AppendOnceAsync(Scope, "key-1", Tick().AddHours(24), "one");

        Assert.Null(await Sessions.FindIdempotencyAsync(Tenant, "POST /v1/sessions/t/turns", "key-1", Tick(), default));
        Assert.Null(await FindAsync("key-2", Tick()));
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_takes_its_commit_with_it()
    {
        var (script, other) = (Script("s", "ada"), Script("other", "ada"));
        var record = await script.AppendOnceAsync(Scope, "key-1", Tick().AddHours(24), "one");
        var commit = other.PrepareAppend("twin");
        var twin = SessionScript.RecordOf(commit, Scope, "key-1", Tick().AddHours(24));

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(commit with { Idempotency = twin }));
        Assert.Null((await Sessions.FindSessionAsync(other.Key, default)).Session);
        Assert.Empty(await ReadAllAsync(other));
        Assert.Equal(record.SessionId, (await FindAsync("key-1", Tick()))!.SessionId);
    }

    [Fact]
    public async Task A_commit_that_is_stale_leaves_no_record()
    {
        var commit = Script("s").PrepareAppend("one");
        var record = SessionScript.RecordOf(commit, Scope, "key-1", Tick().AddHours(24));
        var stale = commit with { TombstoneVersion = 4, After = commit.After with { Version = 5 }, Idempotency = record };

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(stale));
        Assert.Null(await FindAsync("key-1", Tick()));
    }

    [Fact]
    public async Task An_expired_record_gives_way_to_a_new_one()
    {
        var script = Script("s");
        await script.AppendOnceAsync(Scope, "key-1", Tick(), "one");
        var renewed = await script.AppendOnceAsync(Scope, "key-1", Tick().AddHours(24), "two");

        var found = await FindAsync("key-1", Tick());
        Assert.Equal((renewed.FirstSeq, renewed.Version, renewed.ExpiresAt), (found!.FirstSeq, found.Version, found.ExpiresAt));
    }

    [Fact]
    public async Task Expired_records_are_removed_and_live_ones_kept()
    {
        var script = Script("s");
        var now = Tick();
        // Written in another order than they expire in.
        foreach (var hours in new[] { 5, -1, 3, -3, 1, -2 })
            await script.AppendOnceAsync(Scope, $"key{hours}", now.AddHours(hours), "text");

        // Expired records of other tests may be among the removed.
        Assert.InRange(await Store.Tenants.RemoveExpiredAsync(now, default), 3, int.MaxValue);
        Assert.Null(await FindAsync("key-1", now.AddHours(-10)));
        Assert.NotNull(await FindAsync("key1", now));
        Assert.NotNull(await FindAsync("key5", now));
        Assert.Equal(6, (await ReadAllAsync(script)).Count);
    }

    [Fact]
    public async Task Records_survive_a_reopening()
    {
        var record = await Script("s").AppendOnceAsync(Scope, "key-1", Tick().AddHours(24), "one");
        await Store.ReopenAsync();

        Assert.Equal(record.RequestDigest, (await FindAsync("key-1", Tick()))!.RequestDigest);
    }

    private ValueTask<IdempotencyRecord?> FindAsync(string key, DateTimeOffset now) =>
        Sessions.FindIdempotencyAsync(Tenant, Scope, key, now, default);
}
