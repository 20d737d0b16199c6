using MemoryOrleans.Storage.Conformance;
using System.Diagnostics;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Writers = 16;

    /// <summary>Prints the rate as well; MEMORY_TEST_COMMITS sets how many commits each writer makes.</summary>
    [Fact]
    public async Task Writers_share_transactions()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        var each = int.Parse(Environment.GetEnvironmentVariable("MEMORY_TEST_COMMITS") ?? "100");
        await WriteAsync(under.Store, "warm", 30);
        var before = under.Store.TransactionsTotal;
        var clock = Stopwatch.StartNew();
        await WriteAsync(under.Store, "s", each);
        var (seconds, transactions) = (clock.Elapsed.TotalSeconds, under.Store.TransactionsTotal - before);

        output.WriteLine($"{Writers * each / seconds:0} commits/s, {Writers * each / (double)transactions:0.0} a transaction");
        Assert.Equal(Writers * (each + 30), under.Store.CommitsTotal);
        Assert.InRange(transactions, 1, Writers * each / 2);
    }

    private static Task WriteAsync(PostgresStore store, string name, int each) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var sample = new SampleTurns($"{name}{writer}", userId: $"user{writer}");
            for (var i = 0; i < each; i++)
                Assert.Equal(CommitStatus.Committed,
                    await store.CommitAsync(sample.Next(
                    $"Turn {i}: the quick brown fox jumps over the lazy dog, and some more words follow.")));
        })));
}
