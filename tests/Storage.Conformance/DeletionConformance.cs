using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class DeletionConformance : StoreConformance
{
    [Fact]
    public async Task A_deleted_session_is_gone_and_leaves_its_version()
    {
        var script = Script("s", "ada");
        var record = await script.AppendOnceAsync("scope", "key", Tick().AddHours(1), "one", "two");
        var turnId = script.Turns[0].Id;
        await script.DeleteAsync();

        Assert.Equal(new SessionLookup(null, 2), await Sessions.FindSessionAsync(script.Key, default));
        Assert.Empty(await ReadAllAsync(script));
        Assert.Empty(await Sessions.ReadTailAsync(script.Key, 10, default));
        Assert.Empty(await Sessions.FindTurnsAsync(script.Key, [turnId], default));
        Assert.Empty(await Sessions.ReadTurnsAsync(Tenant, [new TurnAddress("s", 1)], default));
        Assert.Null(await Sessions.FindIdempotencyAsync(Tenant, record.Scope, record.Key, Tick(), default));
    }

    [Fact]
    public async Task A_session_made_anew_starts_at_one_and_its_version_goes_on()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two");
        await script.AppendAsync("three");
        await script.DeleteAsync();
        await script.AppendAsync("again");

        var lookup = await Sessions.FindSessionAsync(script.Key, default);
        Assert.Equal((1L, 4L, 0L), (lookup.Session!.LastSeq, lookup.Session.Version, lookup.TombstoneVersion));
        Assert.Equal(script.Turns, await ReadAllAsync(script));
    }

    [Fact]
    public async Task A_session_made_anew_may_belong_to_another_user_and_use_old_turn_ids()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one");
        var turnId = script.Turns[0].Id;
        await script.DeleteAsync();
        var commit = Script("s", "bob").PrepareAppend("two");
        Turn[] turns = [commit.Turns[0] with { Id = turnId }];
        var anew = commit with { TombstoneVersion = 2, After = commit.After with { Version = 3 }, Turns = turns };

        Assert.Equal(CommitStatus.Committed, await Sessions.CommitAsync(anew));
        Assert.Equal("bob", (await Sessions.FindSessionAsync(script.Key, default)).Session!.UserId);
        Assert.Empty((await ReadFeedAsync(new PartitionKey(Tenant, "ada"))).OfType<TurnCommitted>());
        Assert.Single((await ReadFeedAsync(new PartitionKey(Tenant, "bob"))).OfType<TurnCommitted>());
    }

    [Fact]
    public async Task A_commit_unaware_of_the_deletion_is_stale()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        await script.DeleteAsync();

        Assert.Equal(CommitStatus.Stale, await Sessions.CommitAsync(Script("s").PrepareAppend("as if never made")));
        Assert.Equal(new SessionLookup(null, 2), await Sessions.FindSessionAsync(script.Key, default));
    }

    [Fact]
    public async Task A_deletion_of_another_version_or_of_nothing_is_stale()
    {
        var script = Script("s");
        await script.AppendAsync("one");

        Assert.Equal(CommitStatus.Stale, await Sessions.DeleteSessionAsync(script.Key, 2, Tick()));
        Assert.Equal(CommitStatus.Stale, await Sessions.DeleteSessionAsync(new SessionKey(Tenant, "nobody"), 0, Tick()));
        Assert.Single(await ReadAllAsync(script));
        await script.DeleteAsync();
        Assert.Equal(CommitStatus.Stale, await Sessions.DeleteSessionAsync(script.Key, 2, Tick()));
    }

    [Fact]
    public async Task Commits_and_deletions_sent_together_take_effect_in_order()
    {
        var (script, other) = (Script("s"), Script("other"));
        var sent = new List<Task<CommitStatus>>();
        for (var round = 0; round < 10; round++)
        {
            sent.Add(Sessions.CommitAsync(script.PrepareAppend("one", "two")));
            sent.Add(Sessions.CommitAsync(other.PrepareAppend("beside it")));
            sent.Add(Sessions.CommitAsync(script.PrepareAppend("three")));
            sent.Add(script.StartDeleteAsync());
        }

        sent.Add(Sessions.CommitAsync(script.PrepareAppend("last")));

        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(CommitStatus.Committed, status));
        Assert.Equal(script.Turns, await ReadAllAsync(script));
        Assert.Equal(31, script.Session!.Version);
        Assert.Equal(other.Turns, await ReadAllAsync(other));
    }

    [Fact]
    public async Task Tombstones_survive_a_reopening()
    {
        var script = Script("s");
        await script.AppendAsync("one");
        await script.DeleteAsync();
        await Store.ReopenAsync();

        Assert.Equal(new SessionLookup(null, 2), await Sessions.FindSessionAsync(script.Key, default));
        await script.AppendAsync("again");
        Assert.Single(await ReadAllAsync(script));
    }
}
