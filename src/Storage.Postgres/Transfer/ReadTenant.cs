using System.Data;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Transfer;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>
/// Reads all of a tenant in one repeatable read, a page at a time, at the pace of whoever takes the records. Each query goes
/// on behind the last row of its page before, along an index.
/// </summary>
/// <param name="seal">What the tenant's texts are sealed with; null: nothing is.</param>
internal sealed class ReadTenant(
    string connectionString, string tenant, TenantSeal? seal, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
{
    private const int PageRows = 256;

    // The reader of the records may pause. One that never continues must not hold the server's snapshot for ever.
    private const string BindSql =
        "SELECT set_config('memory.tenant', $1, true), set_config('idle_in_transaction_session_timeout', '10min', true)";

    private const string SessionsSql = """
        SELECT s.id, s.user_id, s.agent_id, s.status, s.last_seq, s.version, s.created_at, s.updated_at, s.distilled, s.session_key, s.time_zone
        FROM sessions s
        WHERE s.tenant = $1 AND (s.created_at, s.session_key) > ($2, $3) ORDER BY s.created_at, s.session_key LIMIT $4
        """;

    private const string TurnsSql = $"""
        SELECT {TurnQueries.Columns} FROM turns t WHERE t.tenant = $1 AND t.session_key = $2 AND t.seq > $3 ORDER BY t.seq LIMIT $4
        """;

    private const string DeletedSql = """
        SELECT o.id, o.version, o.deleted_at FROM tombstones o WHERE o.tenant = $1 AND o.id COLLATE "C" > $2 ORDER BY o.id COLLATE "C" LIMIT $3
        """;

    private const string MemoriesSql = """
        SELECT m.memory_key, m.created_at, m.version,
               ARRAY(SELECT k.digest FROM memory_keys k WHERE k.tenant = $1 AND k.memory_key = m.memory_key)
        FROM memories m
        WHERE m.tenant = $1 AND (m.created_at, m.memory_key) > ($2, $3) ORDER BY m.created_at, m.memory_key LIMIT $4
        """;

    private const string VersionsSql = $"""
        SELECT {MemoryRow.Columns} FROM memory_versions v
        CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.memory_key = $2 LIMIT 1) m
        WHERE v.tenant = $1 AND v.memory_key = $2 AND v.version > $3 ORDER BY v.version LIMIT $4
        """;

    private const string EntitiesSql = $"""
        SELECT {GraphRows.EntityColumns}, e.entity_key FROM graph_entities e
        WHERE e.tenant = $1 AND (e.created_at, e.entity_key) > ($2, $3) ORDER BY e.created_at, e.entity_key LIMIT $4
        """;

    private const string ObservationsSql = $"""
        SELECT {GraphRows.ObservationColumns}, o.observation_key
        FROM graph_observations o
        CROSS JOIN LATERAL (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.entity_key = $2 LIMIT 1) e
        WHERE o.tenant = $1 AND o.entity_key = $2 AND o.observation_key > $3 ORDER BY o.observation_key LIMIT $4
        """;

    // No index has this order: read in one go, and sorted by the server.
    private const string RelationsSql = $"""
        SELECT {GraphRows.RelationColumns} FROM graph_relations r
        JOIN graph_entities f ON f.tenant = $1 AND f.entity_key = r.from_key
        JOIN graph_entities t ON t.tenant = $1 AND t.entity_key = r.to_key
        WHERE r.tenant = $1 ORDER BY r.relation_key
        """;

    /// <exception cref="StoreUnavailableException">The server cannot be reached, or went away.</exception>
    public async Task RunAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await BindAsync(connection);
            await ReadSessionsAsync(connection);
            await PagesAsync(
                connection, DeletedSql, static (parameters, last) => parameters.AddText(last?.Id ?? string.Empty),
                static rows => new DeletedSessionRecord(rows.GetString(0), rows.GetInt64(1), Timestamp.Read(rows.GetInt64(2))), record =>
                write(record));
            await ReadMemoriesAsync(connection);
            await ReadEntitiesAsync(connection);
            await ReadRelationsAsync(connection);
        }
        catch (Exception error) when (Failures.IsUnavailable(error))
        {
            throw new StoreUnavailableException("The database cannot be reached at the moment.", error);
        }
    }

    private async Task BindAsync(NpgsqlConnection connection)
    {
        await using var bind = new NpgsqlCommand(BindSql, connection);
        bind.Parameters.AddText(tenant);
        await bind.ExecuteNonQueryAsync(cancel);
    }

    private Task ReadSessionsAsync(NpgsqlConnection connection) => PagesAsync<Keyed<SessionRecord>>(
        connection,
        SessionsSql,
        static (parameters, last) => AddPlace(parameters, last?.Record.Session.CreatedAt, last?.Key),
        static rows => new(ReadSession(rows), rows.GetInt64(9)),
        async session =>
        {
            await write(session.Record);
            await PagesAsync(
                connection, TurnsSql, (parameters, last) => AddKeys(parameters, session.Key, last?.Turn.Seq ?? 0),
                rows => new TurnRecord(TurnQueries.Read(rows, session.Record.Session.Id)), record => write(record));
        });

    private Task ReadMemoriesAsync(NpgsqlConnection connection) => PagesAsync<MemoryPlace>(
        connection,
        MemoriesSql,
        static (parameters, last) => AddPlace(parameters, last?.CreatedAt, last?.Key),
        static rows => new(rows.GetInt64(0), Timestamp.Read(rows.GetInt64(1)), rows.GetInt64(2), rows.GetFieldValue<byte[][]>(3)),
        async memory => await PagesAsync(
            connection, VersionsSql, (parameters, last) => AddKeys(parameters, memory.Key, last?.Version.Version ?? 0),
            rows => new MemoryVersionRecord(MemoryRow.Read(rows),
            rows.GetInt64(2) == memory.Version ? [.. memory.Digests.Select(seal.OpenedKey).OfType<byte[]>()] : []),
            record => write(record)));

    private Task ReadEntitiesAsync(NpgsqlConnection connection) => PagesAsync<Keyed<EntityRecord>>(
        connection,
        EntitiesSql,
        static (parameters, last) => AddPlace(parameters, last?.Record.Entity.CreatedAt, last?.Key),
        static rows => new(new EntityRecord(GraphRows.ReadEntity(rows)), rows.GetInt64(10)),
        async entity =>
        {
            await write(entity.Record);
            await PagesAsync<Keyed<ObservationRecord>>(
                connection, ObservationsSql, (parameters, last) => AddKeys(parameters, entity.Key, last?.Key ?? 0),
                static rows => new(new ObservationRecord(GraphRows.ReadObservation(rows)), rows.GetInt64(10)), observation =>
                write(observation.Record));
        });

    private async Task ReadRelationsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(RelationsSql, connection) { CommandTimeout = 0 };
        command.Parameters.AddText(tenant);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            await write(new RelationRecord(GraphRows.ReadRelation(new TenantRows(rows, seal))));
    }

    private async Task PagesAsync<TRow>(
        NpgsqlConnection connection, string sql,
        Action<NpgsqlParameterCollection, TRow?> bind, Func<TenantRows, TRow> read, Func<TRow, ValueTask> take)
        where TRow : class
    {
        TRow? last = null;
        List<TRow> page;
        do
        {
            page = await ReadPageAsync(connection, sql, parameters => bind(parameters, last), read);
            foreach (var row in page)
                await take(row);
            last = page.LastOrDefault();
        }
        while (page.Count == PageRows);
    }

    private async Task<List<TRow>> ReadPageAsync<TRow>(
        NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> bind, Func<TenantRows, TRow> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddText(tenant);
        bind(command.Parameters);
        command.Parameters.AddBigint(PageRows);
        var page = new List<TRow>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            page.Add(read(new TenantRows(rows, seal)));
        return page;
    }

    private static SessionRecord ReadSession(TenantRows rows)
    {
        var session = new Session(
            rows.GetString(0), UserName.FromColumn(rows.GetString(1)), rows.IsDBNull(2)
            ? null : rows.GetString(2), (SessionStatus)rows.GetInt16(3),
            rows.GetInt64(4), rows.GetInt64(5), Timestamp.Read(rows.GetInt64(6)), Timestamp.Read(rows.GetInt64(7)))
        {
            TimeZone = rows.IsDBNull(10) ? null : rows.GetString(10),
        };
        return new SessionRecord(session, rows.GetInt64(8));
    }

    private static void AddPlace(NpgsqlParameterCollection parameters, DateTimeOffset? createdAt, long? key) =>
        AddKeys(parameters, Timestamp.Of(createdAt) ?? long.MinValue, key ?? 0);

    private static void AddKeys(NpgsqlParameterCollection parameters, long first, long second)
    {
        parameters.AddBigint(first);
        parameters.AddBigint(second);
    }

    private sealed record Keyed<TRecord>(TRecord Record, long Key);

    private sealed record MemoryPlace(long Key, DateTimeOffset CreatedAt, long Version, byte[][] Digests);
}
