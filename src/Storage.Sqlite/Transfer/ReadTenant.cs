using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Reads all of a tenant in one read transaction, a page at a time, at the pace of whoever takes the records. Each query goes
/// on behind the last row of its page before, along an index.
/// </summary>
internal sealed class ReadTenant(Connection connection, string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel)
{
    private const int PageRows = 256;

    private const string SessionsSql = """
        SELECT s.id, o.user_id, s.agent_id, s.status, s.last_seq, s.version, s.created_at, s.updated_at, s.distilled, s.session_key, s.time_zone
        FROM sessions s CROSS JOIN owners o ON o.owner_key = s.owner_key
        WHERE s.tenant = ?1 AND (s.created_at, s.session_key) > (?2, ?3) ORDER BY s.created_at, s.session_key LIMIT ?4
        """;

    private const string TurnsSql = $"""
        SELECT {TurnQueries.Columns} FROM turns t CROSS JOIN turn_texts x ON x.change = t.change
        WHERE t.session_key = ?1 AND t.seq > ?2 ORDER BY t.seq LIMIT ?3
        """;

    private const string DeletedSql = "SELECT id, version, deleted_at FROM tombstones WHERE tenant = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

    private const string MemoriesSql = """
        SELECT memory_key, created_at, version FROM memories
        WHERE tenant = ?1 AND (created_at, memory_key) > (?2, ?3) ORDER BY created_at, memory_key LIMIT ?4
        """;

    private const string VersionsSql = $"""
        SELECT {MemoryRow.Columns} FROM memories m
        CROSS JOIN memory_versions v ON v.memory_key = m.memory_key
        CROSS JOIN owners o ON o.owner_key = m.owner_key
        CROSS JOIN memory_texts x ON x.version_key = v.version_key
        WHERE m.memory_key = ?1 AND v.version > ?2 ORDER BY v.version LIMIT ?3
        """;

    private const string KeysSql = "SELECT digest FROM memory_keys WHERE memory_key = ?1";

    private const string EntitiesSql = $"""
        SELECT {GraphRows.EntityColumns}, e.entity_key FROM {GraphRows.EntityTables}
        WHERE e.tenant = ?1 AND (e.created_at, e.entity_key) > (?2, ?3) ORDER BY e.created_at, e.entity_key LIMIT ?4
        """;

    private const string ObservationsSql = $"""
        SELECT {GraphRows.ObservationColumns}, o.observation_key
        FROM graph_entities e CROSS JOIN graph_observations o ON o.entity_key = e.entity_key CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE e.entity_key = ?1 AND o.observation_key > ?2 ORDER BY o.observation_key LIMIT ?3
        """;

    private const string RelationsSql = $"""
        SELECT {GraphRows.RelationColumns}, r.relation_key
        FROM graph_relations r INDEXED BY graph_relations_of_tenant
        CROSS JOIN graph_entities f ON f.entity_key = r.from_key CROSS JOIN graph_entities t ON t.entity_key = r.to_key
        LEFT JOIN graph_texts x ON x.text_key = r.text_key
        WHERE r.tenant = ?1 AND r.relation_key > ?2 ORDER BY r.relation_key LIMIT ?3
        """;

    private delegate TRow ReadRow<out TRow>(Statement.Rows rows);

    public async Task RunAsync()
    {
        connection.Prepared("BEGIN").Run();
        try
        {
            await PagesAsync<Keyed<SessionRecord>>(
                last => OfTenant(SessionsSql, last?.Record.Session.CreatedAt, last?.Key), static rows =>
                new(ReadSession(rows), rows.Int64(9)), WriteSessionAsync);
            await PagesAsync(
                last => connection.Prepared(DeletedSql).Bind(1, tenant).Bind(2, last?.Id ?? string.Empty).Bind(3, PageRows),
                static rows => new DeletedSessionRecord(rows.Text(0), rows.Int64(1), rows.Time(2)), WriteAsync);
            await PagesAsync<MemoryPlace>(
                last => OfTenant(MemoriesSql, last?.CreatedAt, last?.Key), static rows =>
                new MemoryPlace(rows.Int64(0), rows.Time(1), rows.Int64(2)), WriteMemoryAsync);
            await PagesAsync<Keyed<EntityRecord>>(
                last => OfTenant(EntitiesSql, last?.Record.Entity.CreatedAt, last?.Key),
                static rows => new(new EntityRecord(GraphRows.ReadEntity(rows)), rows.Int64(10)), WriteEntityAsync);
            await PagesAsync<Keyed<RelationRecord>>(
                last => connection.Prepared(RelationsSql).Bind(1, tenant).Bind(2, last?.Key ?? 0).Bind(3, PageRows),
                static rows => new(new RelationRecord(GraphRows.ReadRelation(rows)), rows.Int64(11)), relation =>
                WriteAsync(relation.Record));
        }
        finally
        {
            if (connection.InTransaction)
                connection.Prepared("ROLLBACK").Run();
        }
    }

    private static SessionRecord ReadSession(Statement.Rows rows)
    {
        var session = new Session(
            rows.Text(0), rows.TextOrNull(1), rows.TextOrNull(2), (SessionStatus)rows.Int64(3), rows.Int64(4), rows.Int64(5), rows.Time(6),
            rows.Time(7))
        {
            TimeZone = rows.TextOrNull(10),
        };
        return new SessionRecord(session, rows.Int64(8));
    }

    private async ValueTask WriteSessionAsync(Keyed<SessionRecord> session)
    {
        await WriteAsync(session.Record);
        await PagesAsync(
            last => connection.Prepared(TurnsSql).Bind(1, session.Key).Bind(2, last?.Turn.Seq ?? 0).Bind(3, PageRows),
            rows => new TurnRecord(TurnQueries.Read(rows, session.Record.Session.Id)), WriteAsync);
    }

    private ValueTask WriteMemoryAsync(MemoryPlace memory) => PagesAsync(
        last => connection.Prepared(VersionsSql).Bind(1, memory.Key).Bind(2, last?.Version.Version ?? 0).Bind(3, PageRows),
        rows => new MemoryVersionRecord(MemoryRow.Read(rows), rows.Int64(2) == memory.Version ? ReadKeys(memory.Key) : []), WriteAsync);

    private async ValueTask WriteEntityAsync(Keyed<EntityRecord> entity)
    {
        await WriteAsync(entity.Record);
        await PagesAsync<Keyed<ObservationRecord>>(
            last => connection.Prepared(ObservationsSql).Bind(1, entity.Key).Bind(2, last?.Key ?? 0).Bind(3, PageRows),
            static rows => new(new ObservationRecord(GraphRows.ReadObservation(rows)), rows.Int64(10)), observation =>
            WriteAsync(observation.Record));
    }

    private Statement OfTenant(string sql, DateTimeOffset? createdAt, long? key) => connection.Prepared(sql)
        .Bind(1, tenant).Bind(2, Timestamp.Of(createdAt) ?? long.MinValue).Bind(3, key ?? 0).Bind(4, PageRows);

    private async ValueTask PagesAsync<TRow>(Func<TRow?, Statement> query, ReadRow<TRow> read, Func<TRow, ValueTask> take)
        where TRow : class
    {
        TRow? last = null;
        List<TRow> page;
        do
        {
            cancel.ThrowIfCancellationRequested();
            page = ReadPage(query(last), read);
            foreach (var row in page)
                await take(row);
            last = page.LastOrDefault();
        }
        while (page.Count == PageRows);
    }

    private static List<TRow> ReadPage<TRow>(Statement query, ReadRow<TRow> read)
    {
        var page = new List<TRow>();
        using var rows = query.Query();
        while (rows.Next())
            page.Add(read(rows));
        return page;
    }

    private IReadOnlyList<byte[]> ReadKeys(long memoryKey)
    {
        var digests = new List<byte[]>();
        using var keys = connection.Prepared(KeysSql).Bind(1, memoryKey).Query();
        while (keys.Next())
        {
            if (connection.Seal.OpenedKey(keys.Bytes(0).ToArray()) is { } digest)
                digests.Add(digest);
        }

        return digests;
    }

    private ValueTask WriteAsync(TransferRecord record) => write(record);

    private sealed record Keyed<TRecord>(TRecord Record, long Key);

    private sealed record MemoryPlace(long Key, DateTimeOffset CreatedAt, long Version);
}
