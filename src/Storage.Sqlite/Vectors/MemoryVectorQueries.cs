using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Counts vectors of memories.</summary>
internal static class MemoryVectorQueries
{
    private const string CountSql = """
        SELECT count(*) FROM memories m CROSS JOIN memory_vectors v ON v.memory_key = m.memory_key AND v.space = ?2
        WHERE m.tenant = ?1 AND v.elements IS NOT NULL
        """;

    private static readonly string CountAllSql = $"""
        SELECT count(*) FROM memories WHERE tenant = ?1
            AND status IN ({string.Join(", ", Enum.GetValues<MemoryStatus>().Where(MemoryDocument.IsRecallable).Select(static status => (int)status))})
        """;

    public static DocumentVectorCount Count(Connection connection, (int Space, string Tenant) query)
    {
        using var snapshot = new Snapshot(connection);
        using var embedded = connection.Prepared(CountSql).Bind(1, query.Tenant).Bind(2, query.Space).Query();
        using var all = connection.Prepared(CountAllSql).Bind(1, query.Tenant).Query();
        return new DocumentVectorCount(embedded.Next() ? embedded.Int64(0) : 0, all.Next() ? all.Int64(0) : 0);
    }
}
