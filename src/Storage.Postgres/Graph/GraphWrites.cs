using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Writes a tenant's graph, each commit a transaction of its own. A tenant's commits follow one another: each first takes the
/// lock of the tenant's row, and with it its change numbers.
/// </summary>
internal sealed class GraphWrites(TenantReads connections, StoreMetrics metrics, TimeProvider clock)
{
    // The time is that of the work that a change wakes.
    private const string BindSql = "SELECT set_config('memory.tenant', $1, true), set_config('memory.now', $2::text, true)";

    private const string TakeNumbersSql = """
        INSERT INTO graph_tenants AS t (tenant, newest) VALUES ($1, $2)
        ON CONFLICT (tenant) DO UPDATE SET newest = t.newest + $2 RETURNING newest
        """;

    private const string FindSql =
        "SELECT e.entity_key, e.user_id FROM graph_entities e WHERE e.tenant = $1 AND e.id = $2 AND e.version = $3";

    private const string CountRelationsSql = """
        SELECT (SELECT count(DISTINCT r.id) FROM graph_relations r WHERE r.tenant = $1 AND r.from_key = $2)
             + (SELECT count(DISTINCT r.id) FROM graph_relations r WHERE r.tenant = $1 AND r.to_key = $2)
        """;

    private const string DiscountSql = """
        UPDATE graph_entities e SET relations = e.relations
            - (SELECT count(*) FROM graph_relations r
               WHERE r.tenant = $1 AND r.from_key = $2 AND r.to_key = e.entity_key AND r.superseded_at IS NULL AND r.valid_to IS NULL)
            - (SELECT count(*) FROM graph_relations r
               WHERE r.tenant = $1 AND r.from_key = e.entity_key AND r.to_key = $2 AND r.superseded_at IS NULL AND r.valid_to IS NULL)
        WHERE e.tenant = $1 AND e.entity_key = ANY (ARRAY(
            SELECT r.to_key FROM graph_relations r WHERE r.tenant = $1 AND r.from_key = $2
            UNION SELECT r.from_key FROM graph_relations r WHERE r.tenant = $1 AND r.to_key = $2))
        """;

    private const string DeleteFromSql = "DELETE FROM graph_relations WHERE tenant = $1 AND from_key = $2";
    private const string DeleteToSql = "DELETE FROM graph_relations WHERE tenant = $1 AND to_key = $2";
    private const string DeleteObservationsSql = "DELETE FROM graph_observations WHERE tenant = $1 AND entity_key = $2";
    private const string DeleteAliasesSql =
        "DELETE FROM graph_aliases WHERE tenant = $1 AND entity_id = (SELECT e.id FROM graph_entities e WHERE e.tenant = $1 AND "
        + "e.entity_key = $2)";

    private const string DeleteSql = "DELETE FROM graph_entities WHERE tenant = $1 AND entity_key = $2";

    private const string AnnounceSql = """
        WITH gone AS (INSERT INTO graph_removals (tenant, user_id, change, entity_id) VALUES ($1, $2, $3, $4))
        UPDATE graph_owners p SET head = $3 WHERE p.tenant = $1 AND p.user_id = $2
        """;

    /// <param name="seal">What texts are sealed with; null: nothing is.</param>
    public async Task<CommitStatus> CommitAsync(GraphCommit commit, TenantSeal? seal)
    {
        var touched = GraphStatements.TouchedBy(commit);
        return (await RunAsync(async (connection, transaction) =>
        {
            var newest = await TakeNumbersAsync(connection, commit.Tenant, touched.Length);
            var statements = new GraphStatements(commit.Tenant, seal);
            foreach (var write in commit.Writes)
                statements.Add(write);
            for (var i = 0; i < touched.Length; i++)
                statements.Touch(touched[i], newest - touched.Length + 1 + i);
            if (!await statements.RunAsync(connection))
                return (CommitStatus.Stale, null);
            await transaction.CommitAsync();
            return (CommitStatus.Committed, null);
        })).Status;
    }

    public Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now) =>
        RunAsync(async (connection, transaction) =>
        {
            var change = await TakeNumbersAsync(connection, tenant, 1);
            if (await FindAsync(connection, tenant, id, expectedVersion) is not { } found)
                return (CommitStatus.Stale, null);
            var receipt = await DeleteAsync(connection, tenant, id, found.Key, now);
            await AnnounceAsync(connection, tenant, found.User, change, id);
            await transaction.CommitAsync();
            return (CommitStatus.Committed, receipt);
        });

    private static async Task<GraphReceipt> DeleteAsync(NpgsqlConnection connection, string tenant, string id, long key, DateTimeOffset now)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { CountRelationsSql, DiscountSql, DeleteFromSql, DeleteToSql, DeleteObservationsSql, DeleteAliasesSql,
            DeleteSql })
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddText(tenant);
            command.Parameters.AddBigint(key);
            batch.BatchCommands.Add(command);
        }

        var relations = (long)(await batch.ExecuteScalarAsync())!;
        return new GraphReceipt(id, (int)batch.BatchCommands[4].RecordsAffected, (int)relations, now);
    }

    private static async Task AnnounceAsync(NpgsqlConnection connection, string tenant, string user, long change, string id)
    {
        await using var announce = new NpgsqlCommand(AnnounceSql, connection);
        announce.Parameters.AddText(tenant);
        announce.Parameters.AddText(user);
        announce.Parameters.AddBigint(change);
        announce.Parameters.AddText(id);
        await announce.ExecuteNonQueryAsync();
    }

    private static async Task<(long Key, string User)?> FindAsync(NpgsqlConnection connection, string tenant, string id, long version)
    {
        await using var find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.AddText(tenant);
        find.Parameters.AddText(id);
        find.Parameters.AddBigint(version);
        await using var rows = await find.ExecuteReaderAsync();
        return await rows.ReadAsync() ? (rows.GetInt64(0), rows.GetString(1)) : null;
    }

    private async Task<long> TakeNumbersAsync(NpgsqlConnection connection, string tenant, int count)
    {
        await using var batch = new NpgsqlBatch(connection);
        var bind = new NpgsqlBatchCommand(BindSql);
        bind.Parameters.AddText(tenant);
        bind.Parameters.AddBigint(Timestamp.Of(clock.GetUtcNow()));
        batch.BatchCommands.Add(bind);
        var take = new NpgsqlBatchCommand(TakeNumbersSql);
        take.Parameters.AddText(tenant);
        take.Parameters.AddBigint(count);
        batch.BatchCommands.Add(take);
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.NextResultAsync();
        await rows.ReadAsync();
        return rows.GetInt64(0);
    }

    private async Task<(CommitStatus Status, GraphReceipt? Receipt)> RunAsync(
        Func<NpgsqlConnection, NpgsqlTransaction, Task<(CommitStatus, GraphReceipt?)>> write)
    {
        try
        {
            return await connections.UseAsync(
                async (connection, _) =>
                {
                    await using var transaction = await connection.BeginTransactionAsync();
                    return await write(connection, transaction);
                },
                CancellationToken.None);
        }
        catch (PostgresException error) when (Failures.IsConstraint(error))
        {
            return (CommitStatus.Stale, null);
        }
        catch (StoreUnavailableException error) when (error.InnerException is { } lost && Failures.IsRace(lost))
        {
            return (CommitStatus.Stale, null);
        }
        catch (StoreUnavailableException error)
        {
            metrics.Failed("graph", error);
            return (CommitStatus.Unavailable, null);
        }
    }
}
