using SQLitePCL;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// The end of a checkpoint, run by the committer between two transactions: the few pages that were committed while the
/// bulk was copied, and the restart of the log, which under constant load would otherwise never come.
/// </summary>
internal sealed class FinishCheckpoint(bool truncate, TimeSpan busyTimeout)
    : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Reads here last milliseconds; only a foreign tool would hold up commits for so long.</summary>
    private static readonly TimeSpan ReadersTimeout = TimeSpan.FromMilliseconds(250);

    public void Run(Connection connection, WalSize wal)
    {
        try
        {
            connection.SetBusyTimeout(ReadersTimeout);
            var result = connection.Checkpoint(truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_RESTART);
            connection.SetBusyTimeout(busyTimeout);
            if (result.Complete)
                wal.Reset();
            else
                wal.Postpone();
            TrySetResult(result.Complete);
        }
        catch (SqliteStoreException error)
        {
            wal.Postpone();
            TrySetException(error);
        }
    }
}
