namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// The database and its log as they were opened. SQLite goes on writing to files that were moved or deleted as if nothing
/// had happened; who asks here before acknowledging a commit finds out.
/// </summary>
internal sealed class WatchedFiles(string database)
{
    private readonly WatchedFile file = new(database);
    private WatchedFile? log;

    /// <summary>Watches the write-ahead log too, once SQLite has made it.</summary>
    public void AddLog() => log = new WatchedFile(database + "-wal");

    /// <summary>Null while both are in place; else what has happened.</summary>
    public StoreLostException? FindLoss()
    {
        var gone = !file.IsInPlace() ? file : log is null || log.IsInPlace() ? null : log;
        return gone is null
            ? null
            : new StoreLostException(
            $"{gone.Path} was moved, deleted or replaced while it was in use: nothing is written until it is back and the service is "
            + $"restarted.");
    }
}
