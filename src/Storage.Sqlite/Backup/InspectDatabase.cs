namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads a database from end to end, also while it is served, and changes nothing.</summary>
public static class InspectDatabase
{
    /// <exception cref="BackupRefusedException">It is no memory database, or a damaged one.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written it.</exception>
    /// <exception cref="SqliteStoreException">SQLite cannot read it.</exception>
    public static DatabaseContents Run(string path, CancellationToken cancel)
    {
        SqliteLibrary.EnsureLoaded();
        return CheckDatabase.Run(Path.GetFullPath(path), cancel);
    }
}
