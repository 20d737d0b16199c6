using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MemoryOrleans.Storage;

/// <summary>
/// Something the store could not do in the background or for a whole group of writes; it has been counted, and unless it is final the store
/// goes on.
/// </summary>
/// <param name="operation">
/// <c>commit</c>; in SQLite also <c>rollback</c>, <c>checkpoint</c> and <c>integrity_check</c>, and what has ended all writing:
/// <c>file_lost</c>, <c>corrupt</c>; in PostgreSQL also <c>race</c>, for a transaction that lost against another process and was
/// sent again, and <c>analyze</c>; where texts are encrypted, <c>unseal</c>.
/// </param>
public sealed class StoreFailedEventArgs(string operation, Exception error) : EventArgs
{
    /// <summary>A stored text that could not be opened; see <see cref="Sealing.TenantSeal"/>.</summary>
    public const string Unseal = "unseal";

    /// <summary>The operations that end all writing: the file is not where it was, or is damaged.</summary>
    public const string FileLost = "file_lost", Corrupt = "corrupt";

    public string Operation => operation;

    /// <summary>The store writes no more until it is opened again; somebody has to see to it.</summary>
    public bool IsFinal => operation is FileLost or Corrupt;

    public Exception Error => error;
}

/// <summary>
/// Counts for the meter <c>MemoryOrleans.Storage</c>, under the same names for every store, and for the store's own properties.
/// </summary>
public sealed class StoreMetrics : IDisposable
{
    public const string MeterName = "MemoryOrleans.Storage";

    private const string Listener = "listener";

    private readonly TimeProvider clock;
    private readonly Meter meter = new(MeterName);
    private readonly LabelledCount failures;
    private readonly ConcurrentDictionary<string, long> checks = new(StringComparer.Ordinal);
    private readonly Histogram<double> seconds;
    private readonly KeyValuePair<string, object?>[] labels;
    private string? stoppedBy;
    private long commitsTotal;
    private long turnsTotal;
    private long transactionsTotal;

    /// <param name="operations">What can fail in this store, by the names of <see cref="StoreFailedEventArgs"/>.</param>
    public StoreMetrics(TimeProvider clock, params string[] operations)
        : this(clock, database: null, operations)
    {
    }

    /// <param name="database">Its name, where the process has several stores; null: it has the one.</param>
    /// <param name="operations">What can fail in this store, by the names of <see cref="StoreFailedEventArgs"/>.</param>
    public StoreMetrics(TimeProvider clock, string? database, string[] operations)
    {
        this.clock = clock;
        KeyValuePair<string, object?>? label = database is null ? null : new KeyValuePair<string, object?>("database", database);
        labels = label is { } own ? [own] : [];
        // Observed, not counted: what happened before anybody listened is in them, and what has not happened yet is shown as 0.
        meter.CreateObservableCounter("memory_store_commits", () => Of(CommitsTotal), "{commit}", "Session commits made durable.");
        meter.CreateObservableCounter("memory_store_turns", () => Of(TurnsTotal), "{turn}", "Turns made durable.");
        failures = new LabelledCount(
            meter, "memory_store_failures", "operation", [.. operations, Listener], "{failure}",
            "Transactions, checkpoints and checks that failed, and what ended all writing.", label);
        meter.CreateObservableCounter("memory_store_integrity_checks", ObserveChecks, "{check}",
            "Checks of the whole database file, by result.");
        seconds = meter.CreateHistogram(
            "memory_store_commit_seconds",
            "s",
            "Duration of a write transaction, its sync to disk included.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
            });
    }

    public Action<StoreFailedEventArgs>? OnFailure { get; set; }

    public long CommitsTotal => Volatile.Read(ref commitsTotal);

    public long TurnsTotal => Volatile.Read(ref turnsTotal);

    public long TransactionsTotal => Volatile.Read(ref transactionsTotal);

    /// <summary>Watches the queue before the committers and the connections that serve reads.</summary>
    /// <param name="queuedSince">When the oldest write that waits was queued, by <see cref="Stopwatch.GetTimestamp"/>; null: none
    /// waits.</param>
    public void Observe(Func<int> queueDepth, Func<long?> queuedSince, Func<int> readsInUse)
    {
        meter.CreateObservableGauge(
            "memory_store_queue_oldest_seconds", () => Of(queuedSince() is { } since ? Stopwatch.GetElapsedTime(since).TotalSeconds : 0),
            "s",
            "How long the oldest write that waits to be committed has waited.");
        meter.CreateObservableGauge("memory_store_queue_depth", () => Of(queueDepth()), "{commit}", "Writes waiting to be committed.");
        meter.CreateObservableGauge("memory_store_pool_in_use", () => Of(readsInUse()), "{connection}",
            "Connections that serve reads, in use.");
    }

    /// <summary>Watches the write-ahead log, of a store that has one of its own.</summary>
    public void ObserveLog(Func<long> bytes) =>
        meter.CreateObservableGauge("memory_store_wal_bytes", bytes, "By", "Write-ahead log not yet restarted.");

    /// <summary>Tells what has ended all writing, of a store whose file may be lost.</summary>
    public void ObserveStopped() => meter.CreateObservableGauge(
        "memory_store_stopped", MeasureStopped, "{store}", "1 where the file is lost or damaged and nothing more is written.");

    public long Now() => clock.GetTimestamp();

    /// <summary>Counts what a transaction made durable. Safe for concurrent use.</summary>
    /// <param name="started">By <see cref="Now"/>, when the transaction began.</param>
    public void Committed(int commitCount, int turnCount, long started)
    {
        seconds.Record(clock.GetElapsedTime(started).TotalSeconds, labels);
        Interlocked.Increment(ref transactionsTotal);
        Interlocked.Add(ref commitsTotal, commitCount);
        Interlocked.Add(ref turnsTotal, turnCount);
    }

    public void Checked(string result) => checks.AddOrUpdate(result, 1, static (_, count) => count + 1);

    public void Stopped(string reason) => Volatile.Write(ref stoppedBy, reason);

    public void Failed(string operation, Exception error)
    {
        failures.Add(operation);
        try
        {
            OnFailure?.Invoke(new StoreFailedEventArgs(operation, error));
        }
        catch (Exception)
        {
            // A listener's bug must not end the thread that all writes depend on.
            failures.Add(Listener);
        }
    }

    public void Dispose() => meter.Dispose();

    private Measurement<T> Of<T>(T value)
        where T : struct => new(value, labels);

    private IEnumerable<Measurement<long>> ObserveChecks() =>
        checks.Select(static each => new Measurement<long>(each.Value, new KeyValuePair<string, object?>("result", each.Key)));

    private Measurement<long> MeasureStopped() => Volatile.Read(ref stoppedBy) is { } reason
        ? new Measurement<long>(1, new KeyValuePair<string, object?>("reason", reason))
        : new Measurement<long>(0, new KeyValuePair<string, object?>("reason", "none"));
}
