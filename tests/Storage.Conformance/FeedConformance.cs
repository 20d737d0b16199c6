using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Conformance;

public abstract class FeedConformance : StoreConformance
{
    private PartitionKey Ada => new(Tenant, "ada");

    [Fact]
    public async Task A_partition_never_written_has_no_head_and_no_changes()
    {
        Assert.Equal(0, await Feed.HeadAsync(Ada, default));
        Assert.Empty(await ReadFeedAsync(Ada));
        Assert.Empty(await Feed.ListHeadsAsync(Tenant, default));
    }

    [Fact]
    public async Task Changes_come_in_the_order_of_their_commits_with_the_agent_of_their_session()
    {
        var (first, second) = (Script("s1", "ada", "agent-1"), Script("s2", "ada"));
        await first.AppendAsync("one", "two");
        await second.AppendAsync("three");
        await first.AppendAsync("four");

        var changes = (await ReadFeedAsync(Ada)).Cast<TurnCommitted>().ToArray();
        Assert.Equal(["one", "two", "three", "four"], changes.Select(change => change.Turn.Content));
        Assert.Equal(["agent-1", "agent-1", null, "agent-1"], changes.Select(change => change.AgentId));
        Assert.Equal([.. first.Turns.Take(2), second.Turns[0], first.Turns[2]], changes.Select(change => change.Turn));
        AssertAscending(changes);
        Assert.Equal(changes[^1].Change, await Feed.HeadAsync(Ada, default));
    }

    [Fact]
    public async Task A_follower_resumes_after_its_watermark()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one", "two", "three");
        var changes = await ReadFeedAsync(Ada);

        foreach (var (change, i) in changes.Select((change, i) => (change, i)))
            Assert.Equal(changes.Skip(i + 1), await ReadFeedAsync(Ada, change.Change));
        await script.AppendAsync("four");
        Assert.Equal("four", Assert.IsType<TurnCommitted>(Assert.Single(await ReadFeedAsync(Ada, changes[^1].Change))).Turn.Content);
    }

    [Fact]
    public async Task An_acknowledged_commit_is_in_head_and_feed_at_once()
    {
        var scripts = Enumerable.Range(0, 8).Select(i => Script($"s{i}", "ada")).ToArray();
        await Task.WhenAll(scripts.Select(script => Task.Run(async () =>
        {
            long seen = 0;
            for (var i = 0; i < 20; i++)
            {
                await script.AppendAsync($"{script.Key.Id} {i}");
                var head = await Feed.HeadAsync(Ada, default);
                Assert.True(head > seen);
                var news = await ReadFeedAsync(Ada, seen);
                Assert.Contains(script.Turns[^1], news.OfType<TurnCommitted>().Select(change => change.Turn));
                Assert.True(news[^1].Change >= head);
                seen = head;
            }
        })));
    }

    [Fact]
    public async Task Partitions_have_heads_of_their_own()
    {
        await Script("s1", "ada").AppendAsync("one");
        var head = await Feed.HeadAsync(Ada, default);
        await Script("s2", "bob").AppendAsync("two");
        await Script("s3").AppendAsync("three");

        Assert.Equal(head, await Feed.HeadAsync(Ada, default));
        Assert.True(await Feed.HeadAsync(new PartitionKey(Tenant, "bob"), default) > 0);
        Assert.Equal("three", Assert.IsType<TurnCommitted>(Assert.Single(await ReadFeedAsync(new PartitionKey(Tenant, null))))
            .Turn.Content);
        PartitionKey[] all = [new(Tenant, null), Ada, new(Tenant, "bob")];
        var listed = (await Feed.ListHeadsAsync(Tenant, default)).OrderBy(each => each.Partition.UserId, StringComparer.Ordinal).ToArray();
        Assert.Equal(all, listed.Select(each => each.Partition));
        foreach (var each in listed)
            Assert.Equal(await Feed.HeadAsync(each.Partition, default), each.Head);
    }

    [Fact]
    public async Task A_follower_learns_of_a_removal_and_of_what_came_after()
    {
        var (kept, removed) = (Script("kept", "ada"), Script("removed", "ada"));
        await removed.AppendAsync("one");
        await kept.AppendAsync("two");
        var watermark = await Feed.HeadAsync(Ada, default);
        await removed.DeleteAsync();
        await removed.AppendAsync("anew");

        var changes = await ReadFeedAsync(Ada, watermark);
        Assert.Equal("removed", Assert.IsType<SessionRemoved>(changes[0]).SessionId);
        Assert.Equal("anew", Assert.IsType<TurnCommitted>(changes[1]).Turn.Content);
        AssertAscending(changes);
        Assert.Equal(changes[^1].Change, await Feed.HeadAsync(Ada, default));
    }

    [Fact]
    public async Task From_the_start_the_feed_holds_what_still_exists()
    {
        var (kept, removed) = (Script("kept", "ada"), Script("removed", "ada"));
        await removed.AppendAsync("gone");
        await kept.AppendAsync("stays");
        await removed.DeleteAsync();
        await kept.AppendAsync("stays too");

        Assert.Equal(["stays", "stays too"], (await ReadFeedAsync(Ada)).OfType<TurnCommitted>().Select(change => change.Turn.Content));
    }

    [Fact]
    public async Task A_follower_from_the_start_arrives_at_a_head_that_is_a_removal()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one");
        await script.DeleteAsync();

        var changes = await ReadFeedAsync(Ada);
        Assert.Equal(await Feed.HeadAsync(Ada, default), Assert.IsType<SessionRemoved>(Assert.Single(changes)).Change);
        Assert.Empty(await ReadFeedAsync(Ada, changes[0].Change));
    }

    [Fact]
    public async Task A_stale_commit_and_a_closing_move_no_head()
    {
        var script = Script("s", "ada");
        await script.AppendAsync("one");
        var head = await Feed.HeadAsync(Ada, default);
        await Sessions.CommitAsync(Script("s", "ada").PrepareAppend("stale"));
        await script.CloseAsync();

        Assert.Equal(head, await Feed.HeadAsync(Ada, default));
        Assert.Single(await ReadFeedAsync(Ada));
    }

    [Fact]
    public async Task A_long_feed_comes_in_batches()
    {
        var script = Script("s", "ada");
        for (var i = 0; i < 5; i++)
            await script.AppendAsync([.. Enumerable.Range(0, 1000).Select(n => $"turn {i}.{n}")]);

        var batches = new List<IReadOnlyList<FeedChange>>();
        await foreach (var batch in Feed.ReadSinceAsync(Ada, 0, default))
            batches.Add(batch);

        Assert.True(batches.Count > 1);
        var changes = batches.SelectMany(batch => batch).ToArray();
        AssertAscending(changes);
        Assert.Equal(script.Turns, changes.Cast<TurnCommitted>().Select(change => change.Turn));
    }

    [Fact]
    public async Task Removals_between_long_runs_of_turns_keep_their_place()
    {
        var kept = Script("kept", "ada");
        await kept.AppendAsync("first");
        var watermark = await Feed.HeadAsync(Ada, default);
        for (var i = 0; i < 4; i++)
        {
            await kept.AppendAsync([.. Enumerable.Range(0, 900).Select(n => $"turn {i}.{n}")]);
            var passing = Script($"passing{i}", "ada");
            await passing.AppendAsync("passes");
            await passing.DeleteAsync();
        }

        var changes = await ReadFeedAsync(Ada, watermark);
        AssertAscending(changes);
        Assert.Equal(3604, changes.Count);
        Assert.Equal([900, 1801, 2702, 3603],
            changes.Select((change, i) => (change, i)).Where(x => x.change is SessionRemoved).Select(x => x.i));
    }

    [Fact]
    public async Task A_deletion_while_the_feed_is_read_reaches_the_follower()
    {
        var (doomed, kept) = (Script("doomed", "ada"), Script("kept", "ada"));
        await doomed.AppendAsync("soon gone");
        for (var i = 0; i < 5; i++)
            await kept.AppendAsync([.. Enumerable.Range(0, 1000).Select(n => $"turn {i}.{n}")]);

        var known = new Dictionary<string, int>();
        var batches = 0;
        await foreach (var batch in Feed.ReadSinceAsync(Ada, 0, default))
        {
            if (batches++ == 0)
                await doomed.DeleteAsync();
            foreach (var change in batch)
            {
                if (change is TurnCommitted committed)
                    known[committed.Turn.SessionId] = known.GetValueOrDefault(committed.Turn.SessionId) + 1;
                else
                    known.Remove(((SessionRemoved)change).SessionId);
            }
        }

        Assert.True(batches > 1);
        Assert.Equal(5000, Assert.Single(known, entry => entry.Key == "kept").Value);
        Assert.Single(known);
    }

    [Fact]
    public async Task A_reopened_store_feeds_the_same_and_goes_on_from_there()
    {
        var (script, removed) = (Script("s", "ada", "agent"), Script("removed", "ada"));
        await script.AppendAsync("one", "two");
        await removed.AppendAsync("three");
        var watermark = await Feed.HeadAsync(Ada, default);
        await removed.DeleteAsync();
        var (before, since, head) = (await ReadFeedAsync(Ada), await ReadFeedAsync(Ada, watermark), await Feed.HeadAsync(Ada, default));
        await Store.ReopenAsync();

        Assert.Equal(head, await Feed.HeadAsync(Ada, default));
        Assert.Equal(before, await ReadFeedAsync(Ada));
        Assert.Equal(since, await ReadFeedAsync(Ada, watermark));
        await script.AppendAsync("four");
        Assert.True(await Feed.HeadAsync(Ada, default) > head);
        Assert.Equal("four", Assert.IsType<TurnCommitted>(Assert.Single(await ReadFeedAsync(Ada, head))).Turn.Content);
    }

    private static void AssertAscending(IReadOnlyList<FeedChange> changes)
    {
        for (var i = 1; i < changes.Count; i++)
            Assert.True(changes[i].Change > changes[i - 1].Change);
    }
}
