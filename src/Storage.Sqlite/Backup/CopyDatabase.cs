namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Copies a database as it is at one moment, beside whoever writes to it. VACUUM INTO rather than sqlite3_backup: the
/// latter copies free pages too, and begins anew at every write of another process, so that under load it may never end.
/// All tables name their row ids, which is what VACUUM keeps.
/// </summary>
internal static class CopyDatabase
{
    private const string CopySql = "VACUUM INTO ?1";

    /// <param name="target">An existing empty file, whose mode it keeps.</param>
    public static void Run(string source, string target, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var connection = Connection.OpenReadOnly(source);
        using var interruption = connection.InterruptOn(cancel);
        connection.Prepared(CopySql).Bind(1, target).Run();
    }
}
