namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Stands between a commit and its acknowledgement: no commit counts that went into files which are not in place.</summary>
internal sealed class CommitGuard(WatchedFiles files, FailStop stop)
{
    /// <exception cref="StoreUnavailableException">The store has stopped; nothing may be begun.</exception>
    public void BeforeTransaction() => stop.ThrowIfStopped();

    /// <exception cref="StoreLostException">What was just committed went into a file that is gone, and must not be
    /// acknowledged.</exception>
    public void BeforeAcknowledging()
    {
        if (files.FindLoss() is { } loss)
            throw loss;
    }

    /// <summary>Stops the store where the failure says so; true when the files are lost, for the first time.</summary>
    public bool Judge(Exception failure)
    {
        if (stop.IsStopped)
            return false;
        if (failure is SqliteStoreException { IsDamage: true } damage)
            stop.Explain(damage);
        if (failure is not StoreLostException loss)
            return false;
        stop.Stop(loss);
        return true;
    }
}
