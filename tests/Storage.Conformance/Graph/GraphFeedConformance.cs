using MemoryOrleans.Feed;
using MemoryOrleans.Graph;

namespace MemoryOrleans.Storage.Conformance;

public abstract class GraphFeedConformance : StoreConformance
{
    private GraphScript? script;

    private IRecallFeed Documents => Store.Graph.Documents;

    private PartitionKey Shared => new(Tenant, null);

    private GraphScript Script() => script ??= new GraphScript(() => Store.Graph, Tenant, Tick);

    [Fact]
    public async Task An_entity_is_one_document_of_name_type_and_current_observations_newest_first()
    {
        var ada = await Script().AddAsync("Ada", scope: new GraphScope("u", "a"));
        var old = await Script().SayAsync(ada, "one");
        await Script().SayAsync(ada, "two");
        await Script().CommitAsync(new ObservationSuperseded(ada.Id, old.Id, "x", Tick()));
        await Script().SayAsync(ada, "three");

        var change = Assert.IsType<TurnCommitted>(Assert.Single(await ReadAsync(new PartitionKey(Tenant, "u"))));
        Assert.True(change.IsDocument);
        Assert.Equal(("Ada. person\nthree\ntwo", ada.Id, 1L, "person", "a"),
            (change.Turn.Content, change.Turn.SessionId, change.Turn.Seq, change.Turn.Role, change.AgentId));
        Assert.Empty(await ReadAsync(Shared));
        Assert.Equal([new PartitionHead(new PartitionKey(Tenant, "u"), change.Change)], await Documents.ListHeadsAsync(Tenant, default));
    }

    [Fact]
    public async Task Every_change_of_an_entity_or_its_observations_is_delivered_at_once_and_once()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var watermark = await HeadAsync();
        var said = await Script().SayAsync(ada, "one");
        Assert.Equal([ada.Id], await NewAsync());
        await Script().CommitAsync(new EntityWrite(1, bob with { Version = 2, Name = "Robert" }));
        Assert.Equal([bob.Id], await NewAsync());
        await Script().CommitAsync(new ObservationErased(ada.Id, said.Id));
        Assert.Equal([ada.Id], await NewAsync());
        await Script().CommitAsync(new ObservationAdded(Script().Say(ada, "a")), new ObservationAdded(Script().Say(bob, "b")),
            new ObservationAdded(Script().Say(ada, "c")));
        Assert.Equal(new[] { ada.Id, bob.Id }.Order(StringComparer.Ordinal), (await NewAsync()).Order(StringComparer.Ordinal));
        await Script().LinkAsync(ada, bob);
        Assert.Empty(await NewAsync());
        await Store.ReopenAsync();
        Assert.Equal(watermark, await HeadAsync());
        await Script().SayAsync(bob, "after");
        Assert.Equal([bob.Id], await NewAsync());

        async Task<string[]> NewAsync()
        {
            var changes = await ReadAsync(Shared, watermark);
            watermark = await HeadAsync();
            Assert.Equal(changes.Count == 0 ? watermark : changes[^1].Change, watermark);
            return [.. changes.Cast<TurnCommitted>().Select(static change => change.Turn.SessionId)];
        }
    }

    [Fact]
    public async Task A_deleted_entity_is_a_removal_and_gone_from_the_beginning()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var watermark = await HeadAsync();
        await Store.Graph.DeleteEntityAsync(Tenant, ada.Id, 1, Tick());

        var removed = Assert.IsType<SessionRemoved>(Assert.Single(await ReadAsync(Shared, watermark)));
        Assert.Equal((ada.Id, await HeadAsync()), (removed.SessionId, removed.Change));
        var all = await ReadAsync(Shared);
        Assert.Equal(bob.Id, Assert.Single(all.OfType<TurnCommitted>()).Turn.SessionId);
        Assert.Equal(await HeadAsync(), all[^1].Change);
    }

    [Fact]
    public async Task A_long_feed_comes_in_batches_in_order()
    {
        const int count = 1_200;
        var ids = new List<string>();
        foreach (var part in Enumerable.Range(0, count).Chunk(200))
        {
            var entities = part.Select(i => Script().Draft($"e{i}")).ToArray();
            await Script().CommitAsync([.. entities.Select(static entity => new EntityWrite(0, entity))]);
            ids.AddRange(entities.Select(static entity => entity.Id));
        }

        foreach (var id in ids.Where((_, i) => i % 100 == 7))
            await Store.Graph.DeleteEntityAsync(Tenant, id, 1, Tick());
        var changes = await ReadAsync(Shared, watermark: 1);
        Assert.Equal(changes.OrderBy(static change => change.Change).Select(static change => change.Change).Distinct(),
            changes.Select(static change => change.Change));
        Assert.Equal(await HeadAsync(), changes[^1].Change);
        Assert.Equal(count / 100, changes.OfType<SessionRemoved>().Count());
        Assert.InRange(changes.OfType<TurnCommitted>().Count(), count - (count / 100) - 1, count - (count / 100));
    }

    [Fact]
    public async Task Followers_beside_many_writers_end_up_with_what_is_stored()
    {
        var entities = new List<Entity>();
        for (var i = 0; i < 10; i++)
            entities.Add(await Script().AddAsync($"e{i}"));
        using var stop = new CancellationTokenSource();
        var follower = FollowAsync(stop.Token);
        await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(i => Script().TryAsync(new ObservationAdded(Script().Say(entities[i % 10], $"said {i}")))));
        await stop.CancelAsync();
        var followed = await follower;

        var stored = (await ReadAsync(Shared)).Cast<TurnCommitted>()
            .ToDictionary(static change => change.Turn.SessionId, static change => change.Turn.Content, StringComparer.Ordinal);
        Assert.Equal(stored.OrderBy(static pair => pair.Key, StringComparer.Ordinal),
            followed.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    private async Task<Dictionary<string, string>> FollowAsync(CancellationToken stop)
    {
        var held = new Dictionary<string, string>(StringComparer.Ordinal);
        var watermark = 0L;
        bool last;
        do
        {
            last = stop.IsCancellationRequested;
            await foreach (var batch in Documents.ReadSinceAsync(Shared, watermark, default))
            {
                foreach (var change in batch.Cast<TurnCommitted>())
                    held[change.Turn.SessionId] = change.Turn.Content;
                watermark = batch[^1].Change;
            }

            await Task.Yield();
        }
        while (!last);
        return held;
    }

    private ValueTask<long> HeadAsync() => Documents.HeadAsync(Shared, default);

    private async Task<List<FeedChange>> ReadAsync(PartitionKey partition, long watermark = 0)
    {
        var changes = new List<FeedChange>();
        await foreach (var batch in Documents.ReadSinceAsync(partition, watermark, default))
            changes.AddRange(batch);
        return changes;
    }
}
