namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads a database file from end to end and says what it holds, or why it is not fit to be a memory.</summary>
internal static class CheckDatabase
{
    private const string IntegritySql = "PRAGMA integrity_check(1)";
    private const string TablesSql =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('schema_migrations', 'sessions', 'turns', 'turn_texts')";
    private const string SessionsSql = "SELECT count(*) FROM sessions";
    private const string TurnsSql = "SELECT count(*) FROM turns";
    private const string TextlessSql =
        "SELECT count(*) FROM turns t WHERE NOT EXISTS (SELECT 1 FROM turn_texts x WHERE x.change = t.change)";
    private const string KnowsMemoriesSql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'memories'";
    private const string MemoriesSql = "SELECT count(*) FROM memories";
    private const string TextlessMemoriesSql =
        "SELECT count(*) FROM memory_versions v WHERE NOT EXISTS (SELECT 1 FROM memory_texts x WHERE x.version_key = v.version_key)";
    private const int TablesNeeded = 4;

    /// <exception cref="BackupRefusedException">It is no memory database, or a damaged one.</exception>
    /// <exception cref="StoreSchemaTooNewException">A newer release has written it.</exception>
    public static DatabaseContents Run(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            using var connection = Connection.OpenReadOnly(path);
            using var interruption = connection.InterruptOn(cancel);
            using var snapshot = new Snapshot(connection);
            RefuseStranger(connection, path);
            var schema = Schema.ReadNewest(connection);
            RefuseDamage(connection, path);
            var bytes = connection.Scalar("PRAGMA page_count") * connection.Scalar("PRAGMA page_size");
            return new DatabaseContents(schema, connection.Scalar(SessionsSql), connection.Scalar(TurnsSql), bytes);
        }
        catch (SqliteStoreException damage) when (damage.IsDamage)
        {
            throw new BackupRefusedException($"{path} is not a memory database, or is damaged: {damage.Message}.");
        }
    }

    /// <summary>True when it is known to hold no turn and no memory: what may be replaced without asking.</summary>
    public static bool IsEmpty(string path)
    {
        if (!File.Exists(path))
            return true;
        try
        {
            using var connection = Connection.OpenReadOnly(path);
            return IsEmpty(connection);
        }
        catch (SqliteStoreException damage) when (damage.IsDamage)
        {
            return false;
        }
    }

    /// <summary>The same of a database that is open.</summary>
    public static bool IsEmpty(Connection connection)
    {
        var tables = connection.Scalar("SELECT count(*) FROM sqlite_schema");
        return tables == 0 || (connection.Scalar(TablesSql) == TablesNeeded && connection.Scalar(TurnsSql) == 0
            && CountMemories(connection) == 0);
    }

    /// <summary>Databases of older releases have no table of them.</summary>
    private static long CountMemories(Connection connection) =>
        connection.Scalar(KnowsMemoriesSql) == 0 ? 0 : connection.Scalar(MemoriesSql);

    private static void RefuseStranger(Connection connection, string path)
    {
        if (connection.Scalar(TablesSql) != TablesNeeded)
            throw new BackupRefusedException($"{path} is not a memory database.");
    }

    private static void RefuseDamage(Connection connection, string path)
    {
        using (var findings = connection.Prepared(IntegritySql).Query())
        {
            if (!findings.Next() || findings.Text(0) is not "ok")
                throw new BackupRefusedException($"{path} is damaged: {findings.Text(0)}.");
        }

        if (connection.Scalar(TextlessSql) is > 0 and var lost)
            throw new BackupRefusedException($"{path} is damaged: {lost} turns have lost their text.");
        if (CountMemories(connection) > 0 && connection.Scalar(TextlessMemoriesSql) is > 0 and var forgotten)
            throw new BackupRefusedException($"{path} is damaged: {forgotten} versions of memories have lost their text.");
    }
}
