using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Sessions;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class OverloadTests
{
    [Fact]
    public async Task A_full_queue_refuses_at_once_and_loses_nothing_it_took()
    {
        await using var under = await PostgresUnderTest.OpenAsync(options => options with { QueueCapacity = 16, GroupTurnsMax = 8 });
        await under.Store.CommitAsync(new SampleTurns("first").Next("hello"));
        var samples = Enumerable.Range(0, 64).Select(i => new SampleTurns($"s{i}")).ToArray();
        Task<CommitStatus>[] sent;
        await using (await HoldOwnersAsync(under))
        {
            sent = [.. samples.Select(sample => under.Store.CommitAsync(sample.Next("hello")))];
            Assert.Equal(CommitStatus.Overloaded, await sent[^1]);

            // Full, or less by the one group that a committer has taken and waits for the lock with.
            Assert.InRange(under.Store.QueueDepth, 16 - 8, 16);
        }

        var statuses = await Task.WhenAll(sent);
        for (var i = 0; i < samples.Length; i++)
        {
            Assert.Contains(statuses[i], new[] { CommitStatus.Committed, CommitStatus.Overloaded });
            var stored = (await under.Store.FindSessionAsync(samples[i].Key, default)).Session is not null;
            Assert.Equal(statuses[i] == CommitStatus.Committed, stored);
        }
    }

    [Fact]
    public async Task A_lock_held_by_another_is_waited_for_and_then_is_unavailable()
    {
        await using var under = await PostgresUnderTest.OpenAsync(options => options with { CommandTimeout = TimeSpan.FromSeconds(5) });
        var failures = new List<StoreFailedEventArgs>();
        under.Store.Failed += (_, failure) => failures.Add(failure);
        under.Store.Failed += (_, _) => throw new InvalidOperationException("A listener's bug.");
        var sample = new SampleTurns("s");
        await under.Store.CommitAsync(sample.Next("one"));
        await using (await HoldOwnersAsync(under))
        {
            Assert.Equal(CommitStatus.Unavailable, await under.Store.CommitAsync(new SampleTurns("t").Next("lost")));
            Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(new SampleTurns("t", "other").Next("another tenant")));
            Assert.Single(await under.Store.ReadTurnsAsync(sample.Key, 0, 10, default));
        }

        Assert.Equal("commit", Assert.Single(failures).Operation);
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitAsync(sample.Next("two")));
    }

    [Fact]
    public async Task A_commit_that_cannot_be_stored_fails_alone()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        var samples = Enumerable.Range(0, 10).Select(i => new SampleTurns($"s{i}")).ToArray();
        // The gateway lets no NUL in; PostgreSQL could not store it.
        var sent = samples.Select((sample, i) => under.Store.CommitAsync(sample.Next(i == 4 ? "a\0b" : "fine"))).ToArray();

        await Assert.ThrowsAsync<PostgresException>(() => sent[4]);
        foreach (var commit in sent.Where((_, i) => i != 4))
            Assert.Equal(CommitStatus.Committed, await commit);
    }

    [Fact]
    public async Task A_large_batch_goes_whole()
    {
        await using var under = await PostgresUnderTest.OpenAsync(options => options with { GroupTurnsMax = 10 });
        var sample = new SampleTurns("s");

        Assert.Equal(CommitStatus.Committed,
            await under.Store.CommitAsync(sample.Next([.. Enumerable.Range(0, 1000).Select(n => $"turn {n}")])));
        Assert.Equal(1000, (await under.Store.ReadTurnsAsync(sample.Key, 0, 2000, default)).Count);
        Assert.Equal((1L, 1000L), (under.Store.CommitsTotal, under.Store.TurnsCommittedTotal));
    }

    /// <summary>Another process in the middle of a write to the tenant's only partition.</summary>
    private static async Task<NpgsqlConnection> HoldOwnersAsync(PostgresUnderTest under)
    {
        var foreign = await under.ConnectAsync();
        await using var command =
            new NpgsqlCommand("BEGIN; SELECT set_config('memory.tenant', 'tenant', true); SELECT * FROM owners FOR UPDATE", foreign);
        await command.ExecuteNonQueryAsync();
        return foreign;
    }
}
