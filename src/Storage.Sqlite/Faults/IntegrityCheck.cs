namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Reads the whole database in the background, right after opening and once a period, and stops the store when a page is
/// damaged. It has a connection of its own; while it reads, the write-ahead log cannot start over, so its time is bounded.
/// </summary>
internal sealed class IntegrityCheck(SqliteStoreOptions options, FailStop stop, StoreMetrics metrics, TimeProvider clock) : IAsyncDisposable
{
    private const string Sql = "PRAGMA quick_check(1)";

    private readonly CancellationTokenSource closing = new();
    private Task running = Task.CompletedTask;

    public void Start()
    {
        if (options.IntegrityCheckPeriod > TimeSpan.Zero)
            running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await running;
        closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            do
            {
                // A read of minutes belongs on no thread of the pool.
                await Task.Factory.StartNew(CheckOnce, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await Task.Delay(options.IntegrityCheckPeriod, clock, closing.Token);
            }
            while (!stop.IsStopped);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The store is being closed.
        }
    }

    private void CheckOnce()
    {
        using var bounded = new CancellationTokenSource(options.IntegrityCheckMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bounded.Token, closing.Token);
        try
        {
            var finding = Check(either.Token);
            metrics.Checked(finding is null ? "ok" : "corrupt");
            if (finding is not null)
                stop.Stop(new StoreCorruptException($"{options.Path} is damaged ({finding}); restore a backup."));
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            metrics.Checked("unfinished");
            metrics.Failed("integrity_check",
                new TimeoutException($"{options.Path} could not be checked within {options.IntegrityCheckMax}."));
        }
        catch (SqliteStoreException error)
        {
            metrics.Checked(error.IsDamage ? "corrupt" : "unfinished");
            metrics.Failed("integrity_check", stop.Explain(error));
        }
    }

    /// <summary>Null when all is well, else the first finding.</summary>
    private string? Check(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var connection = Connection.OpenReadOnly(options.Path);
        // SQLite forgets an interrupt that comes while no statement runs, so one does.
        using var tables = connection.Prepared("SELECT 1 FROM sqlite_schema").Query();
        if (!tables.Next())
            return "it has no tables";
        using var interruption = connection.InterruptOn(cancel);
        using var findings = connection.Prepared(Sql).Query();
        if (!findings.Next())
            return "the check answered nothing";
        return findings.Text(0) is var first && first == "ok" ? null : first.ReplaceLineEndings(" ");
    }
}
