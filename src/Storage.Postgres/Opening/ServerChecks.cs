using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>What must hold of server, role and tables before a row is read or written.</summary>
internal static class ServerChecks
{
    /// <summary>Grants with INHERIT FALSE, SET TRUE came with 16.</summary>
    private const int VersionLeast = 160_000;

    private const string ServerSql = """
        SELECT current_setting('server_version_num')::int, current_setting('synchronous_commit'), r.rolname::text,
               r.rolsuper OR r.rolbypassrls
               OR EXISTS (SELECT FROM pg_roles s WHERE (s.rolsuper OR s.rolbypassrls) AND pg_has_role(r.oid, s.oid, 'SET'))
        FROM pg_roles r WHERE r.rolname = session_user
        """;

    private const string WorkerSql = """
        SELECT count(*) FROM pg_roles w WHERE w.rolname = 'memory_worker' AND pg_has_role(session_user, w.oid, 'USAGE')
        """;

    // Partitions and views of a later release count as well.
    private const string UnprotectedSql = """
        SELECT coalesce(string_agg(c.relname::text, ', ' ORDER BY c.relname), '')
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        """;

    /// <exception cref="StoreServerUnfitException">The server is too old or acknowledges what it may still lose.</exception>
    /// <exception cref="StoreIsolationException">The role is a superuser or exempt from row-level security, or may become one that
    /// is.</exception>
    public static async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(ServerSql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        var (version, synchronous, role, unbound) = (rows.GetInt32(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3));
        if (version < VersionLeast)
            throw new StoreServerUnfitException($"PostgreSQL 16 or newer is needed; the server is {version / 10_000}.");
        if (synchronous == "off")
            throw new StoreServerUnfitException(
                "The server has synchronous_commit off: it would lose acknowledged writes in a crash. Set it on.");
        if (unbound)
        {
            throw new StoreIsolationException(
                $"The role '{role}' is a superuser, has BYPASSRLS, or may become such a role: row-level security would not hold tenants "
                + $"apart. Use a plain role.");
        }
    }

    /// <exception cref="StoreIsolationException">A table of tenants has no forced row-level security, or the role inherits the worker's
    /// rights.</exception>
    public static async Task CheckIsolationAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var worker = new NpgsqlCommand(WorkerSql, connection);
        if (await worker.ExecuteScalarAsync(cancel) is not 0L)
            throw new StoreIsolationException(
                "The service's role inherits memory_worker, whose policies span tenants; grant it WITH INHERIT FALSE.");
        await using var unprotected = new NpgsqlCommand(UnprotectedSql, connection);
        if (await unprotected.ExecuteScalarAsync(cancel) is string { Length: > 0 } names)
            throw new StoreIsolationException($"Row-level security is not forced on: {names}.");
    }
}
