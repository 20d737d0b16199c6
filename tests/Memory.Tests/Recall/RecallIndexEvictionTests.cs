using System.Collections.Concurrent;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class RecallIndexEvictionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Users = ["ada", "bob", "cyd", "dan", "eve", "fay"];
    private readonly FakeClock clock = new();
    private readonly ScriptedFeed feed = new();

    [Fact]
    public async Task What_has_not_been_read_for_too_long_is_dropped()
    {
        var index = NewIndex(idleMax: 30 * Minute);
        await ReadAsync(index, "ada");
        clock.Advance(20 * Minute);
        await ReadAsync(index, "bob");
        clock.Advance(10 * Minute);

        Assert.Equal(0, index.Evict());
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, index.Evict());
        Assert.Equal(1, index.Size.Partitions);
        clock.Advance(20 * Minute);
        Assert.Equal(1, index.Evict());
        Assert.Equal(default, index.Size);
    }

    [Fact]
    public async Task Reading_keeps_a_partition_also_when_nothing_is_new()
    {
        var index = NewIndex(idleMax: 30 * Minute);
        for (var i = 0; i < 10; i++)
        {
            await ReadAsync(index, "ada");
            clock.Advance(25 * Minute);
            Assert.Equal(0, index.Evict());
        }
    }

    [Fact]
    public async Task What_was_dropped_is_built_again_when_asked_for()
    {
        var index = NewIndex(idleMax: Minute);
        await ReadAsync(index, "ada");
        clock.Advance(2 * Minute);
        index.Evict();
        await ReadAsync(index, "ada");

        Assert.Equal(2, feed.Reads.Length);
        Assert.All(feed.Reads, static read => Assert.Equal(0, read.Watermark));
    }

    [Fact]
    public async Task Above_the_byte_limit_the_idlest_go_until_the_rest_fits()
    {
        var probe = NewIndex();
        await ReadAsync(probe, "ada");
        var one = probe.Size.Bytes;
        var index = NewIndex(bytesMax: (2 * one) + (one / 2));
        foreach (var user in new[] { "ada", "bob", "cyd", "dan" })
        {
            await ReadAsync(index, user);
            clock.Advance(Minute);
        }

        await ReadAsync(index, "ada");
        Assert.Equal(2, index.Evict());
        Assert.Equal(2, index.Size.Partitions);

        var reads = feed.Reads.Length;
        await ReadAsync(index, "ada");
        await ReadAsync(index, "dan");
        Assert.Equal(reads, feed.Reads.Length);
    }

    [Fact]
    public async Task A_partition_under_construction_is_left_alone()
    {
        var index = NewIndex(idleMax: Minute);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        feed.BeforeBatch = () =>
        {
            reached.TrySetResult();
            return released.Task;
        };
        var reading = ReadAsync(index, "ada");
        await reached.Task;
        clock.Advance(2 * Minute);

        Assert.Equal(0, index.Evict());
        released.SetResult();
        await reading;
        clock.Advance(2 * Minute);
        Assert.Equal(1, index.Evict());
    }

    [Fact]
    public async Task Only_so_many_partitions_are_built_at_a_time_and_what_is_built_is_caught_up_meanwhile()
    {
        var index = NewIndex(buildsMax: 2);
        await ReadAsync(index, "built");
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var building = 0;
        var seen = new ConcurrentBag<int>();
        feed.BeforeBatch = async () =>
        {
            var now = Interlocked.Increment(ref building);
            seen.Add(now);
            if (now == 2)
                reached.TrySetResult();
            await released.Task;
            Interlocked.Decrement(ref building);
        };
        foreach (var user in Users)
            feed.Commit(new PartitionKey("acme", user), Enumerable.Range(1, 100).Select(seq => Turns.Said(seq, "s", seq, "fresh bread")));
        var reading = Users.Select(user => ReadAsync(index, user)).ToArray();
        await reached.Task;
        await ReadAsync(index, "built");
        Assert.DoesNotContain(reading, static each => each.IsCompleted);

        released.SetResult();
        await Task.WhenAll(reading);
        Assert.Equal((2, 7), (seen.Max(), index.Size.Partitions));
    }

    private RecallIndex NewIndex(
        TimeSpan? idleMax = null, long bytesMax = long.MaxValue, int buildsMax = RecallIndexLimits.BuildsMaxDefault) =>
        new(feed, WordEmbedder.Small, clock, new RecallIndexLimits(idleMax ?? (100 * Minute), bytesMax) { BuildsMax = buildsMax });

    private async Task ReadAsync(RecallIndex index, string user)
    {
        var key = new PartitionKey("acme", user);
        if (await feed.HeadAsync(key, CancellationToken.None) == 0)
            feed.Commit(key, Turns.Said(1, "s", 1, "fresh bread"), Turns.Said(2, "s", 2, "old bread"));
        Assert.Single(await index.ReadAsync("acme", [key], CancellationToken.None));
    }
}
