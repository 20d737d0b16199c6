namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Why the store writes no more until it is opened again: its files are gone, or damaged. The first reason stays.</summary>
internal sealed class FailStop(StoreMetrics metrics)
{
    public const string FileLost = StoreFailedEventArgs.FileLost, Corrupt = StoreFailedEventArgs.Corrupt;

    private StoreUnavailableException? reason;

    public StoreUnavailableException? Reason => Volatile.Read(ref reason);

    public bool IsStopped => Reason is not null;

    /// <summary>Counts and tells it, once.</summary>
    public void Stop(StoreUnavailableException why)
    {
        if (Interlocked.CompareExchange(ref reason, why, null) is not null)
            return;
        var operation = why is StoreCorruptException ? Corrupt : FileLost;
        metrics.Stopped(operation);
        metrics.Failed(operation, why);
    }

    /// <summary>What a caller of the store's ports sees of SQLite's failure; damage stops the store.</summary>
    public Exception Explain(SqliteStoreException error)
    {
        var seen = error.AsUnavailable();
        if (seen is StoreCorruptException damage)
            Stop(damage);
        return seen;
    }

    /// <summary>An exception for each caller, since each gets a stack of its own.</summary>
    /// <exception cref="StoreUnavailableException">The store has stopped.</exception>
    public void ThrowIfStopped()
    {
        switch (Reason)
        {
            case null:
                return;
            case StoreCorruptException damage:
                throw new StoreCorruptException(damage.Message, damage);
            case var lost:
                throw new StoreLostException(lost.Message, lost);
        }
    }
}
