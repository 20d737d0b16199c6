using System.Diagnostics;
using MemoryOrleans.Sessions;
using Xunit.Abstractions;

namespace MemoryOrleans.Storage.Postgres.Tests;

public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Writers = 16;

    [Fact]
    public async Task Writers_share_transactions()
    {
        await using var under = await PostgresUnderTest.OpenAsync();
        var transactions = 0;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "MemoryOrleans.Storage", Name: "memory_store_commit_seconds" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref transactions));
        listener.Start();
        var each = int.Parse(Environment.GetEnvironmentVariable("MEMORY_TEST_COMMITS") ?? "100");
        await WriteAsync(under.Store, "warm", 30);
        transactions = 0;
        var clock = Stopwatch.StartNew();
        await WriteAsync(under.Store, "s", each);
        var seconds = clock.Elapsed.TotalSeconds;

        output.WriteLine($"{Writers * each / seconds:0} commits/s, {Writers * each / (double)transactions:0.0} a transaction");
        Assert.Equal(Writers * (each + 30), under.Store.CommitsTotal);
        Assert.True(transactions < Writers * each / 2, "Commits share transactions.");
    }

    private static Task WriteAsync(PostgresStore store, string name, int each) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var sample = new SampleTurns($"{name}{writer}", userId: $"user{writer}");
            for (var i = 0; i < each; i++)
                Assert.Equal(CommitStatus.Committed, await store.CommitAsync(sample.Next($"Turn {i}: the quick brown fox jumps over the lazy dog, and some more words follow.")));
        })));
}
