using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// The one thread that writes: takes all that waits, writes it in one transaction with one sync to disk, and only then lets
/// the callers know. Nothing else holds SQLite's write lock, so transactions never wait for each other.
/// </summary>
internal sealed class Committer
{
    private readonly Connection connection;
    private readonly WriteTransaction transaction;
    private readonly WriteQueue queue;
    private readonly PartitionHeads heads;
    private readonly PartitionHeads memoryHeads;
    private readonly CommitGuard guard;
    private readonly StoreMetrics metrics;
    private readonly WalSize wal;
    private readonly Checkpointer checkpointer;

    public Committer(
        Connection connection, WriteQueue queue, (PartitionHeads Turns, PartitionHeads Memories) published, Checkpointer checkpointer,
        WalSize wal, CommitGuard guard, StoreMetrics metrics)
    {
        (this.connection, this.queue, heads, memoryHeads) = (connection, queue, published.Turns, published.Memories);
        (this.checkpointer, this.wal, this.guard, this.metrics) = (checkpointer, wal, guard, metrics);
        transaction = new WriteTransaction(connection);
    }

    /// <summary>Runs until the queue is closed and empty.</summary>
    public Task Start() =>
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run()
    {
        Thread.CurrentThread.Name = "memory-committer";
        var group = new List<PendingWrite>();
        try
        {
            while (queue.Take(group, out var finish))
            {
                if (group.Count > 0)
                    Write(group);
                finish?.Run(connection, wal);
                group.Clear();
            }
        }
        finally
        {
            // Should a bug end the thread, callers are refused instead of left waiting.
            queue.Abandon();
        }
    }

    private void Write(List<PendingWrite> group)
    {
        var started = metrics.Now();
        try
        {
            guard.BeforeTransaction();
            transaction.Begin();
            foreach (var write in group)
                transaction.Apply(write);
            transaction.Commit();
            guard.BeforeAcknowledging();
            heads.Publish(transaction.Heads);
            memoryHeads.Publish(transaction.MemoryHeads);
            foreach (var tenant in transaction.Forgotten)
            {
                heads.Forget(tenant);
                memoryHeads.Forget(tenant);
            }
        }
        catch (Exception error)
        {
            // The writing thread's boundary: the callers are told, and the thread that all writes depend on goes on.
            Fail(group, error);
        }

        try
        {
            var stored = group.OfType<CommitWrite>().Where(static write => write.Status == CommitStatus.Committed).ToList();
            metrics.Committed(stored.Count, stored.Sum(static write => write.Turns), started);
            StartCheckpointIfDue();
        }
        finally
        {
            foreach (var write in group)
                write.Complete();
        }
    }

    /// <summary>
    /// Nothing of the group is acknowledged: a full disk or a failing one, which may well pass, or files that are gone. The
    /// thread goes on.
    /// </summary>
    private void Fail(List<PendingWrite> group, Exception error)
    {
        metrics.Failed("commit", error);
        foreach (var write in group)
            (write.Status, write.Fault) = (CommitStatus.Unavailable, null);
        try
        {
            transaction.Rollback();
        }
        catch (SqliteStoreException again)
        {
            metrics.Failed("rollback", again);
        }

        // A moved database gets what its log holds while both are still open: they may not be found together again.
        if (guard.Judge(error))
            checkpointer.RequestTruncate();
    }

    private void StartCheckpointIfDue()
    {
        wal.Grow(connection.TakePagesWritten());
        if (transaction.Erased)
            checkpointer.RequestTruncate();
        else if (wal.IsDue)
            checkpointer.RequestRestart();
    }
}
