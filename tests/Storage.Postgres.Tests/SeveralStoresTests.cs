using MemoryOrleans.Storage.Conformance;
using System.Collections.Concurrent;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>Two stores over one database stand for two processes.</summary>
public sealed class SeveralStoresTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private PostgresUnderTest under = null!;
    private PostgresStore[] stores = [];

    public async ValueTask InitializeAsync()
    {
        under = await PostgresUnderTest.OpenAsync();
        stores = [under.Store, await PostgresStore.OpenAsync(under.Options, TimeProvider.System)];
    }

    public async ValueTask DisposeAsync()
    {
        await stores[1].DisposeAsync();
        await under.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_processes_writing_one_session_each_step_is_won_by_one()
    {
        var (one, two) = (new SampleTurns("s"), new SampleTurns("s"));
        for (var i = 0; i < 30; i++)
        {
            var commits = new[] { one.Next($"one {i}"), two.Next($"two {i}") };
            var statuses = await Task.WhenAll(stores[0].CommitAsync(commits[0]), stores[1].CommitAsync(commits[1]));
            Assert.Single(statuses, CommitStatus.Committed);
            Assert.Single(statuses, CommitStatus.Stale);
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(seq => (long)seq),
            (await stores[0].ReadTurnsAsync(one.Key, 0, 100, default)).Select(turn => turn.Seq));
    }

    [Fact]
    public async Task A_stale_commit_of_one_process_fails_alone()
    {
        var (shared, others) = (new SampleTurns("shared"), Enumerable.Range(0, 10).Select(i => new SampleTurns($"other{i}")).ToArray());
        await stores[1].CommitAsync(shared.Next("by the other process"));
        var sent = others.Select(sample => stores[0].CommitAsync(sample.Next("fine")))
            .Append(stores[0].CommitAsync(new SampleTurns("shared").Next("stale"))).ToArray();

        var statuses = await Task.WhenAll(sent);
        Assert.Equal(CommitStatus.Stale, statuses[^1]);
        Assert.All(statuses[..^1], status => Assert.Equal(CommitStatus.Committed, status));
    }

    [Fact]
    public async Task An_acknowledged_turn_is_in_the_other_process_s_feed_at_once()
    {
        var sample = new SampleTurns("s");
        long watermark = 0;
        for (var i = 0; i < 30; i++)
        {
            await stores[i % 2].CommitAsync(sample.Next($"turn {i}"));
            var other = stores[(i + 1) % 2];
            var changes = await ReadAsync(other, new PartitionKey("tenant", "ada"), watermark);
            Assert.Equal($"turn {i}", Assert.IsType<TurnCommitted>(Assert.Single(changes)).Turn.Content);
            watermark = changes[0].Change;
            Assert.Equal(watermark, await other.HeadAsync(new PartitionKey("tenant", "ada"), default));
        }
    }

    [Fact]
    public async Task A_reader_polling_the_feed_never_misses_a_change_of_concurrent_writers()
    {
        const int writers = 8, each = 60;
        var partition = new PartitionKey("tenant", "ada");
        var written = new ConcurrentBag<(string SessionId, long Seq)>();
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var sample = new SampleTurns($"s{writer}");
            // Others' owners in the same transactions, so that locks are taken in many orders.
            var beside = new SampleTurns($"beside{writer}", userId: $"user{writer % 3}");
            for (var i = 0; i < each; i++)
            {
                var commit = sample.Next([.. Enumerable.Range(0, 1 + (i % 3)).Select(n => $"{i}.{n}")]);
                var other = stores[writer % 2].CommitAsync(beside.Next("beside"));
                Assert.Equal(CommitStatus.Committed, await stores[writer % 2].CommitAsync(commit));
                Assert.Equal(CommitStatus.Committed, await other);
                foreach (var turn in commit.Turns)
                    written.Add((turn.SessionId, turn.Seq));
            }
        })));

        var readers = await Task.WhenAll(stores.Select(store => Task.Run(() => FollowAsync(store, partition, writing))));
        await writing;
        foreach (var seen in readers)
            Assert.Equal(written.Order(), seen.Order());
    }

    [Fact]
    public async Task Processes_that_lock_many_owners_in_different_orders_do_not_block_each_other()
    {
        var races = 0;
        foreach (var store in stores)
            store.Failed += (_, _) => Interlocked.Increment(ref races);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(process => Task.Run(async () =>
        {
            for (var round = 0; round < 20; round++)
            {
                var users = Enumerable.Range(0, 12).Select(n => process == 0 ? n : 11 - n);
                var sent = users.Select(user => stores[process]
                    .CommitAsync(new SampleTurns($"p{process}r{round}u{user}", userId: $"user{user}").Next("hello")));
                Assert.All(await Task.WhenAll(sent), status => Assert.Equal(CommitStatus.Committed, status));
            }
        })));

        Assert.Equal(0, races);
    }

    private static async Task<List<(string SessionId, long Seq)>> FollowAsync(PostgresStore store, PartitionKey partition, Task writing)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var seen = new List<(string SessionId, long Seq)>();
        long watermark = 0;
        while (true)
        {
            var last = writing.IsCompleted;
            foreach (var change in await ReadAsync(store, partition, watermark, deadline.Token))
            {
                Assert.True(change.Change > watermark);
                watermark = change.Change;
                var turn = ((TurnCommitted)change).Turn;
                seen.Add((turn.SessionId, turn.Seq));
            }

            if (last)
                return seen;
        }
    }

    private static async Task<List<FeedChange>> ReadAsync(
        PostgresStore store, PartitionKey partition, long watermark, CancellationToken cancel = default)
    {
        var changes = new List<FeedChange>();
        await foreach (var batch in store.ReadSinceAsync(partition, watermark, cancel))
            changes.AddRange(batch);
        return changes;
    }
}
