using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads memories of a tenant.</summary>
internal static class MemoryQueries
{
    private const string Current = $"SELECT {MemoryRow.Columns} FROM memories m {MemoryRow.OfCurrent}";

    private const string AnyVersion = $"""
        CROSS JOIN owners o ON o.owner_key = m.owner_key
        CROSS JOIN memory_texts x ON x.version_key = v.version_key
        """;

    private const string FindSql = $"{Current} WHERE m.tenant = ?1 AND m.id = ?2";

    private const string HistorySql = $"""
        SELECT {MemoryRow.Columns} FROM memories m CROSS JOIN memory_versions v ON v.memory_key = m.memory_key {AnyVersion}
        WHERE m.tenant = ?1 AND m.id = ?2 ORDER BY v.version
        """;

    private const string OperationSql = $"""
        SELECT {MemoryRow.Columns} FROM memory_versions v CROSS JOIN memories m ON m.memory_key = v.memory_key {AnyVersion}
        WHERE v.tenant = ?1 AND v.operation = ?2 ORDER BY v.version_key
        """;

    private const string OwnerSql = "SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id IS ?2";
    private const string OfKeySql = "SELECT memory_key FROM memory_keys WHERE owner_key = ?1 AND digest = ?2";
    private const string FindByKeySql = $"{Current} WHERE m.tenant = ?1 AND m.memory_key = ?2";

    private const string CitingSql = $"""
        SELECT {MemoryRow.Columns} FROM memory_citations c CROSS JOIN memories m ON m.tenant = c.tenant AND m.id = c.memory_id {MemoryRow.OfCurrent}
        WHERE c.tenant = ?1 AND c.session_id = ?2 AND c.memory_id > ?3 ORDER BY c.memory_id LIMIT ?4
        """;

    private const string DistilledSql = "SELECT distilled FROM sessions WHERE tenant = ?1 AND id = ?2";

    private const string OwnerVersionSql = "SELECT memory_version FROM owners WHERE tenant = ?1 AND user_id IS ?2";

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    private static readonly string[] ListSql = [.. Enumerable.Range(0, 64).Select(ListSqlFor)];

    public static MemoryRecord? Find(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? MemoryRow.Read(rows) : null;
    }

    public static IReadOnlyList<MemoryRecord> FindAll(Connection connection, (string Tenant, IReadOnlyCollection<string> Ids) query)
    {
        using var snapshot = new Snapshot(connection);
        return [.. query.Ids.Distinct(StringComparer.Ordinal).Select(id => Find(connection, (query.Tenant, id))).OfType<MemoryRecord>()];
    }

    public static IReadOnlyList<MemoryRecord> ReadHistory(Connection connection, (string Tenant, string Id) query) =>
        MemoryRow.ReadAll(connection.Prepared(HistorySql).Bind(1, query.Tenant).Bind(2, query.Id));

    public static IReadOnlyList<MemoryRecord> ReadOperation(Connection connection, (string Tenant, string Operation) query) =>
        MemoryRow.ReadAll(connection.Prepared(OperationSql).Bind(1, query.Tenant).Bind(2, query.Operation));

    public static IReadOnlyList<MemoryRecord> FindByKeys(
        Connection connection, (string Tenant, string? UserId, IReadOnlyCollection<string> Keys) query)
    {
        using var snapshot = new Snapshot(connection);
        var found = new List<MemoryRecord>();
        foreach (var memoryKey in FindKeys(connection, query))
            found.AddRange(MemoryRow.ReadAll(connection.Prepared(FindByKeySql).Bind(1, query.Tenant).Bind(2, memoryKey)));
        return found;
    }

    public static IReadOnlyList<MemoryRecord> FindCiting(
        Connection connection, (string Tenant, string SessionId, string? AfterId, int Limit) query) =>
        MemoryRow.ReadAll(connection.Prepared(CitingSql)
            .Bind(1, query.Tenant).Bind(2, query.SessionId).Bind(3, query.AfterId ?? string.Empty).Bind(4, query.Limit));

    public static long FindDistilled(Connection connection, SessionKey key)
    {
        using var rows = connection.Prepared(DistilledSql).Bind(1, key.Tenant).Bind(2, key.Id).Query();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    public static OwnerVersion FindOwnerVersion(Connection connection, (string Tenant, string? UserId) query)
    {
        using var rows = connection.Prepared(OwnerVersionSql).Bind(1, query.Tenant).Bind(2, query.UserId).Query();
        return new OwnerVersion(query.UserId, rows.Next() ? rows.Int64(0) : 0);
    }

    public static Page<MemoryRecord> List(
        Connection connection, (string Tenant, MemoryFilter Filter, ListPosition Before, int Limit) query)
    {
        var page = new ListPage<MemoryRecord>(query.Limit);
        using var rows = BindList(connection, query).Query();
        while (rows.Next())
            page.Add(MemoryRow.Read(rows), rows.Int64(MemoryRow.Count), rows.Int64(MemoryRow.Count + 1));
        return page.ToPage();
    }

    private static SortedSet<long> FindKeys(Connection connection, (string Tenant, string? UserId, IReadOnlyCollection<string> Keys) query)
    {
        var found = new SortedSet<long>();
        using var owner = connection.Prepared(OwnerSql).Bind(1, query.Tenant).Bind(2, query.UserId).Query();
        if (!owner.Next())
            return found;
        var statement = connection.Prepared(OfKeySql).Bind(1, owner.Int64(0));
        foreach (var key in query.Keys.SelectMany(key => connection.Seal.KeysFor(key)))
        {
            using var rows = statement.Bind(2, key.AsSpan()).Query();
            while (rows.Next())
                found.Add(rows.Int64(0));
        }

        return found;
    }

    private static Statement BindList(Connection connection, (string Tenant, MemoryFilter Filter, ListPosition Before, int Limit) query)
    {
        var filter = query.Filter;
        var shape = (filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.SessionId is null ? 0 : 4)
            + (filter.Kind is null ? 0 : 8) + (filter.Tier is null ? 0 : 16) + (filter.Status is null ? 0 : 32);
        var statement = connection.Prepared(ListSql[shape])
            .Bind(1, query.Tenant).Bind(2, query.Before.CreatedAt).Bind(3, query.Before.SessionKey).Bind(4, query.Limit + 1L);
        if (filter.UserId is not null)
            statement.Bind(5, filter.UserId);
        if (filter.AgentId is not null)
            statement.Bind(6, filter.AgentId);
        if (filter.SessionId is not null)
            statement.Bind(7, filter.SessionId);
        if (filter.Kind is not null)
            statement.Bind(8, filter.Kind);
        if (filter.Tier is { } tier)
            statement.Bind(9, (long)tier);
        if (filter.Status is { } status)
            statement.Bind(10, (long)status);
        return statement;
    }

    private static string ListSqlFor(int shape)
    {
        string[] conditions =
        [
            " AND m.owner_key = (SELECT owner_key FROM owners WHERE tenant = ?1 AND user_id = ?5)",
            " AND m.agent_id = ?6", " AND m.session_id = ?7", " AND m.kind = ?8", " AND m.tier = ?9", " AND m.status = ?10",
        ];
        var wanted = string.Concat(conditions.Where((_, i) => (shape & (1 << i)) != 0));
        return $"""
            SELECT {MemoryRow.Columns}, m.created_at, m.memory_key FROM memories m {MemoryRow.OfCurrent}
            WHERE m.tenant = ?1 AND (m.created_at, m.memory_key) < (?2, ?3){wanted}
            ORDER BY m.created_at DESC, m.memory_key DESC LIMIT ?4
            """;
    }
}
