using System.Globalization;
using MemoryOrleans.Storage.Postgres;
using Npgsql;

namespace MemoryOrleans.Silo;

/// <summary>Where the cluster keeps its members, reminders and grain state: a schema beside the memory's, in the same database.</summary>
internal static class ClusterDatabase
{
    /// <summary>What Orleans' providers call Npgsql.</summary>
    public const string Invariant = "Npgsql";

    // Two silos that start at once take turns. Any number nobody else uses.
    private const long LockKey = 0x4D454D53494C4F;
    private const string Script = "cluster.sql";

    // Raised with every change of the script.
    private const int Version = 2;
    private const int ConnectionsMax = 8;
    private const int CommandSeconds = 10;

    /// <summary>The connection string of the cluster's own schema, <c>SCHEMA_cluster</c>.</summary>
    public static string ConnectionString(PostgresStoreOptions store)
    {
        if (!PostgresUrl.TryParse(store.Url, out var settings, out var wrong))
            throw new ArgumentException($"{nameof(store.Url)} {wrong}", nameof(store));
        settings.SearchPath = SchemaOf(store);
        settings.MaxPoolSize = ConnectionsMax;
        settings.CommandTimeout = CommandSeconds;
        settings.Timeout = (int)Math.Ceiling(store.ConnectTimeout.TotalSeconds);
        settings.IncludeErrorDetail = false;
        return settings.ConnectionString;
    }

    /// <summary>
    /// Makes the schema what this release needs; doing it again changes nothing, and what a newer release has made of it is left as
    /// it is: releases next to each other run by the same statements.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or does not let the role make tables.</exception>
    public static async Task MigrateAsync(PostgresStoreOptions store, CancellationToken cancel)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(ConnectionString(store));
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey})"), cancel);
            // The schema's name was checked to need no quoting.
            await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {SchemaOf(store)}", cancel);
            await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS cluster_schema (version integer NOT NULL)", cancel);
            if (await ReadVersionAsync(connection, cancel) < Version)
            {
                await ExecuteAsync(connection, await ReadScriptAsync(cancel), cancel);
                await ExecuteAsync(connection, "DELETE FROM cluster_schema", cancel);
                await ExecuteAsync(connection,
                    string.Create(CultureInfo.InvariantCulture, $"INSERT INTO cluster_schema VALUES ({Version})"), cancel);
            }

            await transaction.CommitAsync(cancel);
        }
        catch (NpgsqlException failure)
        {
            throw new StoreUnavailableException($"The cluster's tables could not be made: {failure.Message}", failure);
        }
    }

    /// <summary>Other clusters with members that said within a time that they live; empty when there are none, or no tables yet.</summary>
    /// <param name="own">The id of the cluster that asks; null: of a process alone, to which every cluster is another.</param>
    public static async Task<IReadOnlyList<string>> FindOthersAsync(
        PostgresStoreOptions store, string? own, TimeSpan within, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(store));
        if (!await HasMembersAsync(source, cancel))
            return [];
        await using var command = source.CreateCommand(
            "SELECT DISTINCT m.cluster FROM cluster_members m WHERE m.cluster IS DISTINCT FROM $1 AND m.status = 3 AND m.alive_at > "
            + "now() - $2 ORDER BY 1");
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = own });
        command.Parameters.AddWithValue(within);
        var others = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            others.Add(rows.GetString(0));
        return others;
    }

    private static async Task<bool> HasMembersAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("SELECT to_regclass('cluster_members') IS NOT NULL");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM cluster_schema", connection);
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static string SchemaOf(PostgresStoreOptions store) => $"{store.Schema}_cluster";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<string> ReadScriptAsync(CancellationToken cancel)
    {
        await using var stream = typeof(ClusterDatabase).Assembly.GetManifestResourceStream(Script)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancel);
    }
}
