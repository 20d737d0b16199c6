using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Moves committed pages from the write-ahead log to the database on a thread and connection of its own, while commits go
/// on; only the small rest is left to the committer (<see cref="FinishCheckpoint"/>).
/// </summary>
internal sealed class Checkpointer : IAsyncDisposable
{
    private static readonly TimeSpan RetryTruncateAfter = TimeSpan.FromSeconds(1);

    // Monitor.Wait and Pulse need an object of their own.
    private readonly object gate = new();
    private readonly List<TaskCompletionSource<bool>> waiters = [];
    private readonly Connection connection;
    private readonly WriteQueue queue;
    private readonly StoreMetrics metrics;
    private readonly TimeSpan busyTimeout;
    private readonly ITimer retry;
    private Task running = Task.CompletedTask;
    private bool restart;
    private bool truncate;
    private bool closed;

    public Checkpointer(
        Connection connection, WriteQueue queue, StoreMetrics metrics, TimeSpan busyTimeout, TimeProvider clock)
    {
        (this.connection, this.queue, this.metrics, this.busyTimeout) = (connection, queue, metrics, busyTimeout);
        retry = clock.CreateTimer(_ => RequestTruncate(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() =>
        running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The log has grown long.</summary>
    public void RequestRestart() => Request(ref restart);

    /// <summary>The log holds erased text.</summary>
    public void RequestTruncate() => Request(ref truncate);

    /// <summary>True once the log is empty; false when a reader stood in the way (it is tried again later).</summary>
    public Task<bool> TruncateAsync()
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed)
                return Task.FromResult(false);
            waiters.Add(waiter);
        }

        RequestTruncate();
        return waiter.Task;
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        await running;
        await retry.DisposeAsync();
        connection.Dispose();
    }

    private void Request(ref bool wanted)
    {
        lock (gate)
        {
            wanted = true;
            Monitor.Pulse(gate);
        }
    }

    private void Run()
    {
        Thread.CurrentThread.Name = "memory-checkpointer";
        while (Take(out var truncating) is { } served)
        {
            var complete = false;
            try
            {
                connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
                complete = Finish(truncating);
            }
            catch (SqliteStoreException error)
            {
                metrics.Failed("checkpoint", error);
            }

            if (truncating && !complete)
                retry.Change(RetryTruncateAfter, Timeout.InfiniteTimeSpan);
            foreach (var waiter in served)
                waiter.SetResult(complete);
        }
    }

    private bool Finish(bool truncating)
    {
        var finish = new FinishCheckpoint(truncating, busyTimeout);
        return queue.TryAdd(finish) && finish.Task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for a request; those waiting for its end, or null when closed.</summary>
    private TaskCompletionSource<bool>[]? Take(out bool truncating)
    {
        lock (gate)
        {
            while (!restart && !truncate && !closed)
                Monitor.Wait(gate);
            truncating = truncate;
            (restart, truncate) = (false, false);
            var served = waiters.ToArray();
            waiters.Clear();
            if (!closed)
                return served;
            foreach (var waiter in served)
                waiter.SetResult(false);
            return null;
        }
    }
}
