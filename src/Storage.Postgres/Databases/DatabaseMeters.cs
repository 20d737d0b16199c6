using System.Diagnostics.Metrics;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Tells of each database whether it can be reached.</summary>
internal sealed class DatabaseMeters : IDisposable
{
    private readonly Meter meter = new(StoreMetrics.MeterName);

    public DatabaseMeters(IReadOnlyList<OpenDatabase> databases) => meter.CreateObservableGauge(
        "memory_database_up",
        () => databases.Select(static each =>
        new Measurement<long>(each.IsUp ? 1 : 0, new KeyValuePair<string, object?>("database", each.Name))),
        "{database}",
        "1 where a database of MEMORY_DATABASES, or the home database, answered when it was last asked.");

    public void Dispose() => meter.Dispose();
}
