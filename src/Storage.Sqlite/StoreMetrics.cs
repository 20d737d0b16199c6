using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Something the store could not do in the background or for a whole group of commits; it has been counted, and unless it is final the store goes on.</summary>
/// <param name="operation">
/// <c>commit</c>, <c>rollback</c>, <c>checkpoint</c> or <c>integrity_check</c>; or what has ended all writing: <c>file_lost</c>,
/// <c>corrupt</c>.
/// </param>
public sealed class StoreFailedEventArgs(string operation, Exception error) : EventArgs
{
    public string Operation => operation;

    /// <summary>The store writes no more until it is opened again; somebody has to see to it.</summary>
    public bool IsFinal => operation is FailStop.FileLost or FailStop.Corrupt;

    public Exception Error => error;
}

/// <summary>Counts for the meter <c>MemoryOrleans.Storage</c> and for the store's own properties.</summary>
internal sealed class StoreMetrics : IDisposable
{
    public const string MeterName = "MemoryOrleans.Storage";

    private readonly TimeProvider clock;
    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> commits;
    private readonly Counter<long> turns;
    private readonly Counter<long> failures;
    private readonly ConcurrentDictionary<string, long> checks = new(StringComparer.Ordinal);
    private readonly Histogram<double> seconds;
    private string? stoppedBy;
    private long commitsTotal;
    private long turnsTotal;

    public StoreMetrics(TimeProvider clock)
    {
        this.clock = clock;
        commits = meter.CreateCounter<long>("memory_store_commits", "{commit}", "Session commits made durable.");
        turns = meter.CreateCounter<long>("memory_store_turns", "{turn}", "Turns made durable.");
        failures = meter.CreateCounter<long>("memory_store_failures", "{failure}", "Transactions, checkpoints and checks that failed, and what ended all writing.");
        // The first check may be over before anybody listens.
        meter.CreateObservableCounter("memory_store_integrity_checks", ObserveChecks, "{check}", "Checks of the whole database file, by result.");
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

    public void Observe(WriteQueue queue, ReadPool pool, WalSize wal)
    {
        meter.CreateObservableGauge("memory_store_queue_depth", () => queue.Depth, "{commit}", "Writes waiting for the committer.");
        meter.CreateObservableGauge("memory_store_pool_in_use", () => pool.InUse, "{connection}", "Read connections in use.");
        meter.CreateObservableGauge("memory_store_wal_bytes", () => wal.Bytes, "By", "Write-ahead log not yet restarted.");
        meter.CreateObservableGauge("memory_store_stopped", ObserveStopped, "{store}", "1 where the file is lost or damaged and nothing more is written.");
    }

    public long Now() => clock.GetTimestamp();

    /// <summary>Counts what a transaction made durable. Called by the committer's thread only.</summary>
    public void Committed(List<PendingWrite> group, long started)
    {
        seconds.Record(clock.GetElapsedTime(started).TotalSeconds);
        var (commitCount, turnCount) = (0, 0);
        foreach (var write in group)
        {
            if (write is CommitWrite { Status: CommitStatus.Committed } commit)
                (commitCount, turnCount) = (commitCount + 1, turnCount + commit.Turns);
        }

        Volatile.Write(ref commitsTotal, commitsTotal + commitCount);
        Volatile.Write(ref turnsTotal, turnsTotal + turnCount);
        commits.Add(commitCount);
        turns.Add(turnCount);
    }

    public void Checked(string result) => checks.AddOrUpdate(result, 1, static (_, count) => count + 1);

    public void Stopped(string reason) => Volatile.Write(ref stoppedBy, reason);

    public void Failed(string operation, Exception error)
    {
        failures.Add(1, new KeyValuePair<string, object?>("operation", operation));
        try
        {
            OnFailure?.Invoke(new StoreFailedEventArgs(operation, error));
        }
        catch (Exception)
        {
            // A listener's bug must not end the thread that all writes depend on.
            failures.Add(1, new KeyValuePair<string, object?>("operation", "listener"));
        }
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> ObserveChecks() =>
        checks.Select(static each => new Measurement<long>(each.Value, new KeyValuePair<string, object?>("result", each.Key)));

    private Measurement<long> ObserveStopped() => Volatile.Read(ref stoppedBy) is { } reason
        ? new Measurement<long>(1, new KeyValuePair<string, object?>("reason", reason))
        : new Measurement<long>(0, new KeyValuePair<string, object?>("reason", "none"));
}
