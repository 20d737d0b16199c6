using System.Globalization;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Removes entries from the beginning of an audit trail and keeps the hash that the rest of it is chained to.</summary>
internal static class AuditPruning
{
    private const string AnchorSql = "SELECT removed, hash FROM audit_anchors WHERE tenant = ?1";
    private const string OldestSql = "SELECT audit_key, at, hash FROM audit WHERE tenant = ?1 ORDER BY audit_key LIMIT ?2";

    private const string SaveAnchorSql = """
        INSERT INTO audit_anchors (tenant, through_key, removed, hash) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (tenant) DO UPDATE SET through_key = excluded.through_key, removed = removed + excluded.removed, hash = excluded.hash
        """;

    private const string PruneSql = "DELETE FROM audit WHERE tenant = ?1 AND audit_key <= ?2";

    public static AuditAnchor ReadAnchor(Connection connection, string tenant)
    {
        using var rows = connection.Prepared(AnchorSql).Bind(1, tenant).Query();
        return rows.Next() ? new AuditAnchor(rows.Int64(0), rows.TextOrNull(1)) : default;
    }

    public static long Prune(WriteTransaction transaction, string tenant, DateTimeOffset before, int limit, DateTimeOffset now)
    {
        var connection = transaction.Connection;
        var (count, lastKey, lastHash) = FindOld(connection, tenant, before, limit);
        if (count == 0)
            return 0;
        var entry = new AuditEntry(now, "retention", "audit.pruned",
            string.Create(CultureInfo.InvariantCulture, $"entries:{count}")) { Outcome = lastHash ?? string.Empty };
        transaction.Erasures.Append(tenant, entry);
        connection.Prepared(SaveAnchorSql).Bind(1, tenant).Bind(2, lastKey).Bind(3, count).Bind(4, lastHash).Run();
        connection.Prepared(PruneSql).Bind(1, tenant).Bind(2, lastKey).Run();
        return count;
    }

    private static (long Count, long LastKey, string? LastHash) FindOld(
        Connection connection, string tenant, DateTimeOffset before, int limit)
    {
        (long Count, long LastKey, string? LastHash) found = default;
        using var rows = connection.Prepared(OldestSql).Bind(1, tenant).Bind(2, limit).Query();
        while (rows.Next() && rows.Time(1) < before)
            found = (found.Count + 1, rows.Int64(0), rows.TextOrNull(2));
        return found;
    }
}
