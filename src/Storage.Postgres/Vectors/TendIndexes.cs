using System.Globalization;
using MemoryOrleans.Recall.Vectors;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Builds the indexes of tenants that have outgrown exact search and drops those of tenants that shrank, on a connection of
/// its own that may take its time. One process at a time does it; an index left half-built by a kill is made anew.
/// </summary>
internal sealed class TendIndexes(PostgresStoreOptions options, WorkerWrites worker, TimeProvider clock)
{
    /// <summary>Names the lock among others of the database; any number nobody else uses.</summary>
    private const long LockKey = 0x4E454152;

    /// <summary>An index is kept until its tenant is this part of what it takes to get one, so that none comes and goes.</summary>
    private const int ShrunkPart = 4;

    private const string TryLockSql = "SELECT pg_try_advisory_lock($1)";

    /// <summary>One process builds at a time, and pgvector before 0.8.2 must not build with several workers (CVE-2026-3172).</summary>
    private const string PatientSql =
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET max_parallel_maintenance_workers = 0; SET "
        + "maintenance_work_mem = ";

    private const string IndexesSql = """
        SELECT c.relname::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = to_regclass($1) AND starts_with(c.relname::text, $2)
        """;

    /// <exception cref="StoreUnavailableException">The server cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<VectorSpace> spaces, CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(DataSource.BuildUnpooled(options));
            await connection.OpenAsync(cancel);
            await using var tryLock = new NpgsqlCommand(TryLockSql, connection) { Parameters = { new() { Value = LockKey } } };
            if (await tryLock.ExecuteScalarAsync(cancel) is not true)
                return [];
            await ExecuteAsync(connection, $"{PatientSql}'{options.VectorBuildMegabytes.ToString(CultureInfo.InvariantCulture)}MB'",
                cancel);
            var done = new List<string>();
            foreach (var space in spaces.Where(static space => space.State != VectorSpaceState.Retired))
                await TendAsync(connection, space.Id, done, cancel);
            return done;
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            throw new StoreUnavailableException("The database cannot be reached at the moment.", error);
        }
    }

    private async Task TendAsync(NpgsqlConnection connection, int spaceId, List<string> done, CancellationToken cancel)
    {
        var indexes = await FindIndexesAsync(connection, spaceId, cancel);
        foreach (var (name, isValid) in indexes.Where(static index => !index.Value).ToArray())
        {
            await ExecuteAsync(connection, NearIndex.DropSql(name), cancel);
            indexes.Remove(name);
            done.Add($"Dropped {name}, which was never finished.");
        }

        foreach (var (tenant, count) in await CountAsync(spaceId, cancel))
        {
            var name = NearIndex.NameOf(spaceId, tenant);
            var isThere = indexes.Remove(name);
            if (!isThere && count > options.VectorExactMax)
                await BuildAsync(connection, spaceId, tenant, done, cancel);
            else if (isThere && count <= options.VectorExactMax / ShrunkPart)
                indexes.Add(name, true);
        }

        // The indexes that are left belong to no tenant that still needs them.
        foreach (var name in indexes.Keys)
        {
            await ExecuteAsync(connection, NearIndex.DropSql(name), cancel);
            done.Add($"Dropped {name}: its tenant has become small.");
        }
    }

    private async Task BuildAsync(NpgsqlConnection connection, int spaceId, string tenant, List<string> done, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        await ExecuteAsync(connection, NearIndex.CreateSql(spaceId, tenant), cancel);
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        done.Add(string.Create(CultureInfo.InvariantCulture,
            $"Built {NearIndex.NameOf(spaceId, tenant)} for tenant {tenant} in {seconds:0.0} s."));
    }

    private async Task<List<(string Tenant, long Count)>> CountAsync(int spaceId, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(VectorQueries.CountTenantsSql(spaceId));
        command.Parameters.AddBigint(options.VectorExactMax + 1L);
        return await worker.RunAsWorkerAsync(
            command,
            static async (rows, token) =>
            {
                var counts = new List<(string Tenant, long Count)>();
                while (await rows.ReadAsync(token))
                    counts.Add((rows.GetString(0), rows.GetInt64(1)));
                return counts;
            },
            cancel);
    }

    private static async Task<Dictionary<string, bool>> FindIndexesAsync(NpgsqlConnection connection, int spaceId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(IndexesSql, connection);
        command.Parameters.AddText(SpaceTable.NameOf(spaceId));
        command.Parameters.AddText(NearIndex.PrefixOf(spaceId));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var indexes = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel))
            indexes.Add(rows.GetString(0), rows.GetBoolean(1));
        return indexes;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
