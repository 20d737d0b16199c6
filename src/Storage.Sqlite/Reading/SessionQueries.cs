using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads sessions, tombstones and idempotency records of a tenant.</summary>
internal static class SessionQueries
{
    private const string Columns = """
        SELECT s.id, o.user_id, s.agent_id, s.status, s.last_seq, s.version, s.created_at, s.updated_at, s.session_key, s.time_zone
        FROM sessions s CROSS JOIN owners o ON o.owner_key = s.owner_key
        """;

    private const string FindSql = $"{Columns} WHERE s.tenant = ?1 AND s.id = ?2";
    private const string TombstoneSql = "SELECT version FROM tombstones WHERE tenant = ?1 AND id = ?2";

    private const string ZoneSql = """
        SELECT s.time_zone FROM owners o CROSS JOIN sessions s ON s.owner_key = o.owner_key
        WHERE o.tenant = ?1 AND o.user_id = ?2 AND s.time_zone IS NOT NULL ORDER BY s.session_key DESC LIMIT 1
        """;

    private const string IdempotencySql = """
        SELECT i.digest, s.id, t.seq, i.count, i.version, i.expires_at
        FROM idempotency i CROSS JOIN turns t ON t.change = i.change CROSS JOIN sessions s ON s.session_key = t.session_key
        WHERE i.tenant = ?1 AND i.scope = ?2 AND i.key = ?3 AND i.expires_at > ?4
        """;

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    private static readonly string[] ListSql = [.. Enumerable.Range(0, 8).Select(ListSqlFor)];

    public static SessionLookup Find(Connection connection, SessionKey key)
    {
        using var snapshot = new Snapshot(connection);
        using (var rows = connection.Prepared(FindSql).Bind(1, key.Tenant).Bind(2, key.Id).Query())
        {
            if (rows.Next())
                return new SessionLookup(Read(rows), TombstoneVersion: 0);
        }

        using var tombstone = connection.Prepared(TombstoneSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return new SessionLookup(Session: null, tombstone.Next() ? tombstone.Int64(0) : 0);
    }

    public static Page<Session> List(
        Connection connection, (string Tenant, SessionFilter Filter, ListPosition Before, int Limit) query)
    {
        var filter = query.Filter;
        var shape = (filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.Status is null ? 0 : 4);
        var statement = connection.Prepared(ListSql[shape])
            .Bind(1, query.Tenant).Bind(2, query.Before.CreatedAt).Bind(3, query.Before.SessionKey).Bind(4, query.Limit + 1L);
        if (filter.UserId is not null)
            statement.Bind(5, filter.UserId);
        if (filter.AgentId is not null)
            statement.Bind(6, filter.AgentId);
        if (filter.Status is { } status)
            statement.Bind(7, (long)status);

        var page = new ListPage<Session>(query.Limit);
        using var rows = statement.Query();
        while (rows.Next())
            page.Add(Read(rows), rows.Int64(6), rows.Int64(8));
        return page.ToPage();
    }

    public static string? FindTimeZone(Connection connection, (string Tenant, string UserId) query)
    {
        using var rows = connection.Prepared(ZoneSql).Bind(1, query.Tenant).Bind(2, query.UserId).Query();
        return rows.Next() ? rows.Text(0) : null;
    }

    public static IdempotencyRecord? FindIdempotency(
        Connection connection, (string Tenant, string Scope, string Key, DateTimeOffset Now) query)
    {
        using var rows = connection.Prepared(IdempotencySql)
            .Bind(1, query.Tenant).Bind(2, query.Scope).Bind(3, query.Key).Bind(4, Timestamp.Of(query.Now))
            .Query();
        return rows.Next()
            ? new IdempotencyRecord(
                query.Scope, query.Key, connection.Seal.OpenedRequest(query.Scope, query.Key, rows.Bytes(0).ToArray()), rows.Text(1),
                rows.Int64(2), (int)rows.Int64(3), rows.Int64(4), rows.Time(5))
            : null;
    }

    private static Session Read(Statement.Rows rows) => new(
        rows.Text(0),
        rows.TextOrNull(1),
        rows.TextOrNull(2),
        (SessionStatus)rows.Int64(3),
        rows.Int64(4),
        rows.Int64(5),
        rows.Time(6),
        rows.Time(7))
    {
        TimeZone = rows.TextOrNull(9),
    };

    private static string ListSqlFor(int shape)
    {
        var user = (shape & 1) == 0 ? "" : " AND s.owner_key = (SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id = ?5)";
        var agent = (shape & 2) == 0 ? "" : " AND s.agent_id = ?6";
        var status = (shape & 4) == 0 ? "" : " AND s.status = ?7";
        return $"""
            {Columns} WHERE s.tenant = ?1 AND (s.created_at, s.session_key) < (?2, ?3){user}{agent}{status}
            ORDER BY s.created_at DESC, s.session_key DESC LIMIT ?4
            """;
    }
}
