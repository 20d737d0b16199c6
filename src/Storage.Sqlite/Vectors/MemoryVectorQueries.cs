using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads and counts vectors of memories.</summary>
internal static class MemoryVectorQueries
{
    private const string ReadSql = """
        SELECT ifnull(m.change, 0), v.elements FROM memories m CROSS JOIN memory_vectors v ON v.memory_key = m.memory_key AND v.space = ?3
        WHERE m.tenant = ?1 AND m.id = ?2 AND v.elements IS NOT NULL
        """;

    private const string CountSql = """
        SELECT count(*) FROM memories m CROSS JOIN memory_vectors v ON v.memory_key = m.memory_key AND v.space = ?2
        WHERE m.tenant = ?1 AND v.elements IS NOT NULL
        """;

    private static readonly string CountAllSql = $"""
        SELECT count(*) FROM memories WHERE tenant = ?1
            AND status IN ({string.Join(", ", Enum.GetValues<MemoryStatus>().Where(MemoryDocument.IsRecallable).Select(static status => (int)status))})
        """;

    public static IReadOnlyList<StoredDocumentVector> Read(
        Connection connection, (int Space, string Tenant, IReadOnlyCollection<string> Ids) query)
    {
        var found = new List<StoredDocumentVector>();
        foreach (var id in query.Ids.Distinct(StringComparer.Ordinal))
        {
            using var rows = connection.Prepared(ReadSql).Bind(1, query.Tenant).Bind(2, id).Bind(3, query.Space).Query();
            if (rows.Next())
                found.Add(new StoredDocumentVector(id, rows.Int64(0), HalfVector.Decode(rows.Bytes(1))));
        }

        return found;
    }

    public static DocumentVectorCount Count(Connection connection, (int Space, string Tenant) query)
    {
        using var snapshot = new Snapshot(connection);
        using var embedded = connection.Prepared(CountSql).Bind(1, query.Tenant).Bind(2, query.Space).Query();
        using var all = connection.Prepared(CountAllSql).Bind(1, query.Tenant).Query();
        return new DocumentVectorCount(embedded.Next() ? embedded.Int64(0) : 0, all.Next() ? all.Int64(0) : 0);
    }
}
