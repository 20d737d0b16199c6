using MemoryOrleans.Erasures;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads a tenant's erasures and its audit trail.</summary>
internal static class ErasureQueries
{
    private const string Columns = """
        id, kind, subject, requester, requested_at, before, completed_at, vectors, records, works, observations, relations, counts, digest
        """;

    private const string FindSql = $"SELECT {Columns} FROM erasures WHERE tenant = ?1 AND id = ?2";

    private const string ListSql = $"""
        SELECT {Columns}, erasure_key FROM erasures WHERE tenant = ?1 AND (requested_at, erasure_key) < (?2, ?3)
        ORDER BY requested_at DESC, erasure_key DESC LIMIT ?4
        """;

    private const string ItemsSql =
        "SELECT item FROM erasure_items WHERE tenant = ?1 AND erasure_id = ?2 AND item > ?3 ORDER BY item LIMIT ?4";

    private const string AuditSql = """
        SELECT at, caller, action, subject, audit_key, request_id, outcome FROM audit WHERE tenant = ?1 AND (at, audit_key) < (?2, ?3)
        ORDER BY at DESC, audit_key DESC LIMIT ?4
        """;

    private const string AuditInOrderSql = """
        SELECT at, caller, action, subject, audit_key, request_id, outcome, hash FROM audit WHERE tenant = ?1 AND audit_key > ?2
        ORDER BY audit_key LIMIT ?3
        """;

    public static Erasure? Find(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? Read(rows) : null;
    }

    public static Page<Erasure> List(Connection connection, (string Tenant, ListPosition Before, int Limit) query)
    {
        var page = new ListPage<Erasure>(query.Limit);
        using var rows = BindPage(connection.Prepared(ListSql), query).Query();
        while (rows.Next())
            page.Add(Read(rows), rows.Int64(4), rows.Int64(14));
        return page.ToPage();
    }

    public static Page<AuditEntry> ListAudit(Connection connection, (string Tenant, ListPosition Before, int Limit) query)
    {
        var page = new ListPage<AuditEntry>(query.Limit);
        using var rows = BindPage(connection.Prepared(AuditSql), query).Query();
        while (rows.Next())
            page.Add(ReadEntry(rows), rows.Int64(0), rows.Int64(4));
        return page.ToPage();
    }

    public static IReadOnlyList<string> ReadItems(Connection connection, (string Tenant, string Id, string? After, int Limit) query)
    {
        var items = new List<string>();
        using var rows = connection.Prepared(ItemsSql)
            .Bind(1, query.Tenant).Bind(2, query.Id).Bind(3, query.After ?? string.Empty).Bind(4, query.Limit)
            .Query();
        while (rows.Next())
            items.Add(rows.Text(0));
        return items;
    }

    public static IReadOnlyList<StoredAuditEntry> ReadAudit(Connection connection, (string Tenant, long AfterKey, int Limit) query)
    {
        var entries = new List<StoredAuditEntry>();
        using var rows = connection.Prepared(AuditInOrderSql).Bind(1, query.Tenant).Bind(2, query.AfterKey).Bind(3, query.Limit).Query();
        while (rows.Next())
            entries.Add(new StoredAuditEntry(rows.Int64(4), ReadEntry(rows), rows.TextOrNull(7)));
        return entries;
    }

    private static AuditEntry ReadEntry(Statement.Rows rows) =>
        new(rows.Time(0), rows.Text(1), rows.Text(2), rows.Text(3)) { RequestId = rows.Text(5), Outcome = rows.Text(6) };

    private static Statement BindPage(Statement statement, (string Tenant, ListPosition Before, int Limit) query) => statement
        .Bind(1, query.Tenant).Bind(2, query.Before.CreatedAt).Bind(3, query.Before.SessionKey).Bind(4, query.Limit + 1L);

    private static Erasure Read(Statement.Rows rows) =>
        new(rows.Text(0), ErasureTarget.Of((ErasureKind)rows.Int64(1), rows.Text(2)), rows.Text(3), rows.Time(4), rows.Time(5))
        {
            CompletedAt = rows.TimeOrNull(6),
            Counts = rows.TextOrNull(12) is { } counts
                ? ErasureColumns.ReadCounts(counts)
                : new ErasureCounts(
                    Vectors: rows.Int64(7), IdempotencyRecords: rows.Int64(8), DueWork: rows.Int64(9),
                    Observations: rows.Int64(10), Relations: rows.Int64(11)),
            Digest = rows.TextOrNull(13),
        };
}
