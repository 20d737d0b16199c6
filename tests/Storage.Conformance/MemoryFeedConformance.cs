using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using static MemoryOrleans.Storage.Conformance.SampleMemories;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>The feed of memories keeps what the feed of turns keeps; it is numbered apart from it.</summary>
public abstract class MemoryFeedConformance : StoreConformance
{
    private PartitionKey Ada => new(Tenant, "ada");

    private IMemoryStore Memories => Store.Memories;

    private IRecallFeed MemoryFeed => Memories.MemoryFeed;

    private SampleMemories Some => new(Tick);

    [Fact]
    public async Task A_partition_without_memories_has_no_head_and_no_changes()
    {
        await Script("s", "ada").AppendAsync("a turn is no memory");

        Assert.Equal(0, await MemoryFeed.HeadAsync(Ada, default));
        Assert.Empty(await ReadAsync());
        Assert.Empty(await MemoryFeed.ListHeadsAsync(Tenant, default));
    }

    [Fact]
    public async Task A_memory_moves_no_head_of_turns()
    {
        await CommitAsync(Some.New("m", "one"));

        Assert.Equal(0, await Feed.HeadAsync(Ada, default));
        Assert.Empty(await ReadFeedAsync(Ada));
        Assert.Empty(await Feed.ListHeadsAsync(Tenant, default));
        Assert.Equal(Ada, Assert.Single(await MemoryFeed.ListHeadsAsync(Tenant, default)).Partition);
    }

    [Fact]
    public async Task Heads_read_at_once_are_those_of_both_feeds()
    {
        var (bob, nobody, stranger) = (new PartitionKey(Tenant, "bob"), new PartitionKey(Tenant, null), new PartitionKey(Tenant, "eve"));
        await Script("s", "ada").AppendAsync("one", "two");
        await Script("n").AppendAsync("nobody's");
        await CommitAsync(Some.New("m", "one"), Some.New("b", "two", "bob"));
        var (ada, adas) = (await Feed.HeadAsync(Ada, default), await MemoryFeed.HeadAsync(Ada, default));
        var (nobodys, bobs) = (await Feed.HeadAsync(nobody, default), await MemoryFeed.HeadAsync(bob, default));
        Assert.All([ada, adas, nobodys, bobs], static head => Assert.True(head > 0));

        var named = await Memories.ReadHeadsAsync(Tenant, [nobody, Ada, stranger], [Ada, nobody, bob], default);
        Assert.Equal([new(nobody, nobodys), new(Ada, ada), new(stranger, 0)], named.Turns);
        Assert.Equal([new(Ada, adas), new(nobody, 0), new(bob, bobs)], named.Memories);
        var all = await Memories.ReadHeadsAsync(Tenant, turns: null, memories: null, default);
        Assert.Equal([new(nobody, nobodys), new(Ada, ada)], all.Turns.OrderBy(static each => each.Partition.UserId));
        Assert.Equal([new(Ada, adas), new(bob, bobs)], all.Memories.OrderBy(static each => each.Partition.UserId));
        var mixed = await Memories.ReadHeadsAsync(Tenant, turns: null, [bob, stranger], default);
        Assert.Equal(2, mixed.Turns.Count);
        Assert.Equal([new(bob, bobs), new(stranger, 0)], mixed.Memories);
        Assert.Empty((await Memories.ReadHeadsAsync(NewTenant(), turns: null, memories: null, default)).Turns);
    }

    [Fact]
    public async Task New_memories_come_as_documents_in_the_order_of_their_commits()
    {
        var (one, two) = (Some.New("m1", "one") with { Status = MemoryStatus.Superseded }, Some.Plain("m2", "two"));
        var archived = Some.New("m0", "three") with { Status = MemoryStatus.Archived };
        await CommitAsync(one);
        await CommitAsync(two, archived);

        var changes = (await ReadAsync()).Cast<TurnCommitted>().ToArray();
        Assert.Equal([MemoryDocument.ToTurn(one), MemoryDocument.ToTurn(two), MemoryDocument.ToTurn(archived)],
            changes.Select(change => change.Turn));
        Assert.Equal(["agent", null, "agent"], changes.Select(change => change.AgentId));
        AssertAscending(changes);
        Assert.Equal(changes[^1].Change, await MemoryFeed.HeadAsync(Ada, default));
    }

    [Fact]
    public async Task A_changed_memory_is_removed_and_comes_again()
    {
        var (first, other) = (Some.New("m", "one"), Some.New("other", "stays"));
        await CommitAsync(first, other);
        var watermark = await MemoryFeed.HeadAsync(Ada, default);
        var second = Some.Next(first, "two");
        await CommitAsync(second);

        var changes = await ReadAsync(watermark);
        Assert.Equal(2, changes.Count);
        Assert.Equal("m", Assert.IsType<SessionRemoved>(changes[0]).SessionId);
        Assert.Equal(MemoryDocument.ToTurn(second), Assert.IsType<TurnCommitted>(changes[1]).Turn);
        AssertAscending(changes);
        Assert.Equal(["stays", "two"], (await ReadAsync()).Cast<TurnCommitted>().Select(change => change.Turn.Content));
        Assert.Equal(changes[1], Assert.Single(await ReadAsync(changes[0].Change)));
    }

    [Theory]
    [InlineData(MemoryStatus.Candidate)]
    [InlineData(MemoryStatus.Erased)]
    public async Task A_memory_that_recall_may_no_longer_find_is_removed(MemoryStatus status)
    {
        var (first, other) = (Some.New("m", "one"), Some.New("other", "stays"));
        await CommitAsync(first, other);
        var watermark = await MemoryFeed.HeadAsync(Ada, default);
        var second = Some.Next(first, "two", status);
        await CommitAsync(second);

        Assert.Equal("m", Assert.IsType<SessionRemoved>(Assert.Single(await ReadAsync(watermark))).SessionId);
        var head = await MemoryFeed.HeadAsync(Ada, default);
        Assert.True(head > watermark);
        Assert.Equal(head, (await ReadAsync())[^1].Change);
        await CommitAsync(Some.Next(second, "three"));
        Assert.Equal(head, await MemoryFeed.HeadAsync(Ada, default));

        var back = Some.Next(Some.Next(second), "four", MemoryStatus.Active);
        await CommitAsync(back);
        Assert.Equal(["stays", "four"], (await ReadAsync()).Cast<TurnCommitted>().Select(change => change.Turn.Content));
        var news = await ReadAsync(watermark);
        Assert.IsType<SessionRemoved>(news[0]);
        Assert.Equal("four", Assert.IsType<TurnCommitted>(news[^1]).Turn.Content);
    }

    [Fact]
    public async Task A_candidate_is_in_no_feed_until_it_is_promoted()
    {
        var candidate = Some.New("m", "one") with { Status = MemoryStatus.Candidate };
        await CommitAsync(candidate);
        Assert.Equal(0, await MemoryFeed.HeadAsync(Ada, default));
        Assert.Empty(await MemoryFeed.ListHeadsAsync(Tenant, default));
        await CommitAsync(Some.Next(candidate, status: MemoryStatus.Active));

        Assert.Equal("one", Assert.IsType<TurnCommitted>(Assert.Single(await ReadAsync())).Turn.Content);
    }

    [Fact]
    public async Task An_acknowledged_commit_is_in_head_and_feed_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            long seen = 0;
            for (var i = 0; i < 15; i++)
            {
                var memory = Some.New($"m{writer}-{i}", $"{writer} {i}");
                await CommitAsync(memory);
                var head = await MemoryFeed.HeadAsync(Ada, default);
                Assert.True(head > seen);
                var news = await ReadAsync(seen);
                Assert.Contains(memory.Id, news.OfType<TurnCommitted>().Select(change => change.Turn.Id));
                Assert.True(news[^1].Change >= head);
                seen = head;
            }
        })));
    }

    [Fact]
    public async Task Followers_of_memories_that_keep_changing_miss_nothing()
    {
        var follower = new FeedFollower(Ada);
        using var stop = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await follower.CatchUpAsync(MemoryFeed);
        });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            var memory = Some.New($"m{writer}", "0");
            for (var i = 1; i <= 20; i++)
            {
                await CommitAsync(memory);
                memory = Some.Next(memory, $"{i}", i % 5 == 3 ? MemoryStatus.Candidate : MemoryStatus.Active);
            }
        })));
        await stop.CancelAsync();
        await following;
        await follower.CatchUpAsync(MemoryFeed);

        Assert.Equal(6, follower.Turns.Count);
        Assert.All(follower.Turns.Values, turn => Assert.Equal("19", turn.Content));
        Assert.Equal(await MemoryFeed.HeadAsync(Ada, default), follower.Watermark);
    }

    [Fact]
    public async Task Partitions_have_heads_of_their_own()
    {
        await CommitAsync(Some.New("a", "ada's"));
        var head = await MemoryFeed.HeadAsync(Ada, default);
        await CommitAsync(Some.New("b", "bob's", "bob"), Some.New("n", "nobody's", userId: null));

        Assert.Equal(head, await MemoryFeed.HeadAsync(Ada, default));
        var listed = (await MemoryFeed.ListHeadsAsync(Tenant, default)).OrderBy(each => each.Partition.UserId, StringComparer.Ordinal)
            .ToArray();
        Assert.Equal([null, "ada", "bob"], listed.Select(each => each.Partition.UserId));
        foreach (var each in listed)
            Assert.Equal(await MemoryFeed.HeadAsync(each.Partition, default), each.Head);
        Assert.Equal("nobody's",
            Assert.IsType<TurnCommitted>(Assert.Single(await ReadAsync(0, new PartitionKey(Tenant, null)))).Turn.Content);
        Assert.Empty(await MemoryFeed.ListHeadsAsync(NewTenant(), default));
    }

    [Fact]
    public async Task A_long_feed_comes_in_batches_and_a_removal_meanwhile_reaches_the_follower()
    {
        var made = Enumerable.Range(0, 5000).Select(i => Some.Plain($"m{i:D4}", $"content {i}")).ToArray();
        foreach (var some in made.Chunk(1000))
            await CommitAsync(some);

        var follower = new FeedFollower(Ada);
        var (batches, known) = (0, new Dictionary<string, string>());
        await foreach (var batch in MemoryFeed.ReadSinceAsync(Ada, 0, default))
        {
            if (batches++ == 0)
                await CommitAsync(Some.Next(made[0], status: MemoryStatus.Candidate), Some.Next(made[4999], "changed"));
            foreach (var change in batch)
            {
                if (change is TurnCommitted committed)
                    known.Add(committed.Turn.Id, committed.Turn.Content);
                else
                    known.Remove(((SessionRemoved)change).SessionId);
            }
        }

        Assert.True(batches > 1);
        Assert.Equal(4999, known.Count);
        Assert.Equal("changed", known["m4999"]);
        await follower.CatchUpAsync(MemoryFeed);
        Assert.Equal(known.Keys.Order(StringComparer.Ordinal),
            follower.Turns.Keys.Select(address => address.SessionId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reopened_store_feeds_the_same_and_goes_on_from_there()
    {
        var (first, other) = (Some.New("m", "one"), Some.New("other", "two"));
        await CommitAsync(first, other);
        var watermark = await MemoryFeed.HeadAsync(Ada, default);
        var gone = Some.Next(first, status: MemoryStatus.Candidate);
        await CommitAsync(gone);
        var (before, since, head) = (await ReadAsync(), await ReadAsync(watermark), await MemoryFeed.HeadAsync(Ada, default));
        await Store.ReopenAsync();

        Assert.Equal(head, await MemoryFeed.HeadAsync(Ada, default));
        Assert.Equal(before, await ReadAsync());
        Assert.Equal(since, await ReadAsync(watermark));
        await CommitAsync(Some.New("new", "three"));
        Assert.Equal("three", Assert.IsType<TurnCommitted>(Assert.Single(await ReadAsync(head))).Turn.Content);
    }

    private async Task CommitAsync(params MemoryRecord[] memories) => Assert.Equal(
        CommitStatus.Committed, await Memories.CommitMemoriesAsync(new MemoryCommit(Tenant, [.. memories.Select(memory => Write(memory))]),
        default));

    private async Task<List<FeedChange>> ReadAsync(long watermark = 0, PartitionKey? partition = null)
    {
        var changes = new List<FeedChange>();
        await foreach (var batch in MemoryFeed.ReadSinceAsync(partition ?? Ada, watermark, default))
            changes.AddRange(batch);
        return changes;
    }

    private static void AssertAscending(IReadOnlyList<FeedChange> changes)
    {
        for (var i = 1; i < changes.Count; i++)
            Assert.True(changes[i].Change > changes[i - 1].Change);
    }
}
