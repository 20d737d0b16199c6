using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class OverloadTests
{
    [Fact]
    public async Task A_full_queue_refuses_at_once_and_loses_nothing_it_took()
    {
        await using var under = await SqliteUnderTest.OpenAsync(options => options with { QueueCapacity = 16, GroupTurnsMax = 8 });
        var samples = Enumerable.Range(0, 40).Select(i => new SampleTurns($"s{i}")).ToArray();
        var sent = new List<Task<CommitStatus>>();
        using (await HoldWriteLockAsync(under, sent, samples[0]))
        {
            sent.AddRange(samples.Skip(1).Select(sample => under.Store.CommitAsync(sample.Next("hello"))));
            Assert.Equal(16, under.Store.QueueDepth);
            Assert.All(sent.Skip(17), refused => Assert.True(refused.IsCompletedSuccessfully));
        }

        var statuses = await Task.WhenAll(sent);
        for (var i = 0; i < samples.Length; i++)
        {
            Assert.Equal(i <= 16 ? CommitStatus.Committed : CommitStatus.Overloaded, statuses[i]);
            Assert.Equal(i <= 16, (await under.Store.FindSessionAsync(samples[i].Key, default)).Session is not null);
        }

        Assert.Equal(statuses.Count(status => status == CommitStatus.Committed), under.Store.CommitsTotal);
    }

    [Fact]
    public async Task A_locked_database_is_unavailable_for_writing_and_open_for_reading_until_it_is_free()
    {
        await using var under = await SqliteUnderTest.OpenAsync(options => options with { BusyTimeout = TimeSpan.Zero });
        var failures = new List<StoreFailedEventArgs>();
        under.Store.Failed += (_, failure) => failures.Add(failure);
        under.Store.Failed += (_, _) => throw new InvalidOperationException("A listener's bug.");
        var (first, second) = (new SampleTurns("s1"), new SampleTurns("s2"));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(first.Next("one")));

        using (HoldWriteLock(under.Path))
        {
            Assert.Equal(CommitStatus.Unavailable, await under.Store.CommitAsync(second.Next("lost")));
            Assert.Single(await under.Store.ReadTurnsAsync(first.Key, 0, 10, default));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await under.Store.ProbeAsync(default));
        }

        Assert.All(failures, failure => Assert.Equal("commit", failure.Operation));
        Assert.NotEmpty(failures);
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(first.Next("two")));
        await under.Store.ProbeAsync(default);
    }

    [Fact]
    public async Task A_full_disk_fails_what_does_not_fit_and_nothing_else()
    {
        await using var under = await SqliteUnderTest.OpenAsync(options => options with { PageCountMax = 150 });
        var (small, large) = (new SampleTurns("small"), new SampleTurns("large"));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(small.Next("one")));

        Assert.Equal(CommitStatus.Unavailable, await under.Store.CommitAsync(large.Next(new string('x', 1_000_000))));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(small.Next("two")));
        Assert.Null((await under.Store.FindSessionAsync(large.Key, default)).Session);
        Assert.Equal(2, await under.Store.HeadAsync(new("tenant", "ada"), default) - 1);
        await under.ReopenAsync();
        Assert.Equal(["one", "two"], (await under.Store.ReadTurnsAsync(small.Key, 0, 10, default)).Select(turn => turn.Content));
    }

    [Fact]
    public async Task Disposing_writes_what_is_queued_and_refuses_the_rest()
    {
        await using var under = await SqliteUnderTest.OpenAsync();
        var sample = new SampleTurns("s");
        var sent = Enumerable.Range(0, 500).Select(i => under.Store.CommitAsync(sample.Next($"turn {i}"))).ToArray();
        var store = under.Store;
        await under.ReopenAsync();

        Assert.All(sent, commit => Assert.Equal(CommitStatus.Committed, commit.Result));
        Assert.Equal(500, (await under.Store.FindSessionAsync(sample.Key, default)).Session!.LastSeq);
        Assert.Equal(CommitStatus.Unavailable, await store.CommitAsync(sample.Next("too late")));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindSessionAsync(sample.Key, default));
        Assert.False(await store.CheckpointAsync());
    }

    [Fact]
    public async Task A_queue_that_does_not_drain_in_time_is_failed_as_unavailable()
    {
        await using var under = await SqliteUnderTest.OpenAsync(
            options => options with { DrainTimeout = TimeSpan.Zero, BusyTimeout = TimeSpan.FromSeconds(30), GroupTurnsMax = 1 });
        var sent = new List<Task<CommitStatus>>();
        Task disposing;
        using (await HoldWriteLockAsync(under, sent, new SampleTurns("first")))
        {
            for (var i = 0; i < 20; i++)
                sent.Add(under.Store.CommitAsync(new SampleTurns($"s{i}").Next("hello")));
            disposing = under.Store.DisposeAsync().AsTask();
            Assert.Equal(CommitStatus.Unavailable, await sent[^1]);
        }

        await disposing;
        Assert.Equal(CommitStatus.Committed, await sent[0]);
    }

    /// <summary>A foreign tool in the middle of a write, and the committer waiting for it with one commit in its hands.</summary>
    private static async Task<Connection> HoldWriteLockAsync(SqliteUnderTest under, List<Task<CommitStatus>> sent, SampleTurns sample)
    {
        var foreign = HoldWriteLock(under.Path);
        sent.Add(under.Store.CommitAsync(sample.Next("hello")));
        while (under.Store.QueueDepth > 0)
            await Task.Yield();
        return foreign;
    }

    /// <summary>A foreign tool in the middle of a write.</summary>
    private static Connection HoldWriteLock(string path)
    {
        var foreign = Connection.Open(new SqliteStoreOptions { Path = path }, ConnectionRole.Writer);
        foreign.Execute("BEGIN IMMEDIATE");
        return foreign;
    }
}
