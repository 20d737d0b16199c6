using System.Reflection;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Brings a database up to this release's schema by the numbered scripts under <c>Migrations</c>. Several processes may do
/// so at once: each script runs in a transaction of its own that holds an advisory lock and looks first whether it is due.
/// </summary>
internal static class Schema
{
    /// <summary>Names the lock among others of the database; any number nobody else uses.</summary>
    public const long LockKey = 0x4D454D4F5259;

    private const string ExistsSql = "SELECT to_regclass(@schema || '.schema_migrations') IS NOT NULL";
    private const string AppliedSql = "SELECT coalesce(max(number), 0) FROM schema_migrations";
    private const string RecordSql = "INSERT INTO schema_migrations (number, name, applied_at) VALUES (@number, @name, @at)";

    /// <summary>A long index build may take its time; the lock is waited for as long.</summary>
    private const string BeginSql =
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(@key)";

    private const string LogSql = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number     integer PRIMARY KEY,
            name       text NOT NULL,
            applied_at bigint NOT NULL
        )
        """;

    private static readonly MigrationScripts Scripts = MigrationScripts.Of(Assembly.GetExecutingAssembly());

    /// <summary>Applies what is missing; the names of what it applied, or, on a dry run, would apply.</summary>
    /// <exception cref="StoreSchemaTooNewException">The database knows a migration this release does not.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlConnection connection, string schema, DateTimeOffset now, bool dryRun, CancellationToken cancel)
    {
        var applied = await FindAppliedAsync(connection, schema, cancel);
        var names = new List<string>();
        foreach (var migration in Scripts.After(applied))
        {
            if (dryRun || await ApplyAsync(connection, schema, migration, now, cancel))
                names.Add($"{migration.Number:0000}_{migration.Name}");
        }

        return names;
    }

    private static async Task<int> FindAppliedAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        await using var exists = new NpgsqlCommand(ExistsSql, connection) { Parameters = { new("schema", schema) } };
        return await exists.ExecuteScalarAsync(cancel) is true ? await ReadAppliedAsync(connection, cancel) : 0;
    }

    private static async Task<int> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var newest = new NpgsqlCommand(AppliedSql, connection);
        return (int)(await newest.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>False when another process was faster.</summary>
    private static async Task<bool> ApplyAsync(
        NpgsqlConnection connection, string schema, Migration migration, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, BeginSql, cancel, new NpgsqlParameter("key", LockKey));
        // The name was checked to need no quoting.
        await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {schema}", cancel);
        await ExecuteAsync(connection, LogSql, cancel);
        var applied = await ReadAppliedAsync(connection, cancel);
        Scripts.CheckKnown(applied);
        if (applied >= migration.Number)
            return false;
        await ExecuteAsync(connection, migration.Sql, cancel);
        await ExecuteAsync(
            connection,
            RecordSql,
            cancel,
            new NpgsqlParameter("number", migration.Number),
            new NpgsqlParameter("name", migration.Name),
            new NpgsqlParameter("at", Timestamp.Of(now)));
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
