using MemoryOrleans.Storage.Conformance;
using System.Diagnostics.Metrics;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class StoreMetricsTests
{
    [Fact]
    public async Task Commits_turns_and_gauges_are_measured_under_their_names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name != "MemoryOrleans.Storage")
                return;
            lock (names)
                names.Add(instrument.Name);
            self.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        await using var under = await SqliteUnderTest.OpenAsync();
        await under.Store.CommitAsync(new SampleTurns("s").Next("one", "two", "three"));

        string[] expected =
        [
            "memory_store_commits", "memory_store_turns", "memory_store_failures", "memory_store_commit_seconds",
            "memory_store_queue_depth", "memory_store_pool_in_use", "memory_store_wal_bytes", "memory_store_integrity_checks",
            "memory_store_stopped",
        ];
        Assert.Superset(expected.ToHashSet(StringComparer.Ordinal), names);
        Assert.Equal((1L, 3L, 4096), (under.Store.CommitsTotal, under.Store.TurnsCommittedTotal, under.Store.QueueCapacity));
    }
}
