using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads and counts vectors of entities.</summary>
internal static class EntityVectorQueries
{
    private const string ReadSql = """
        SELECT e.change, v.elements FROM graph_entities e CROSS JOIN entity_vectors v ON v.entity_key = e.entity_key AND v.space = ?3
        WHERE e.tenant = ?1 AND e.id = ?2 AND v.elements IS NOT NULL
        """;

    private const string CountSql = """
        SELECT count(v.elements), count(*)
        FROM graph_entities e LEFT JOIN entity_vectors v ON v.entity_key = e.entity_key AND v.space = ?2 WHERE e.tenant = ?1
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
        using var rows = connection.Prepared(CountSql).Bind(1, query.Tenant).Bind(2, query.Space).Query();
        return rows.Next() ? new DocumentVectorCount(rows.Int64(0), rows.Int64(1)) : default;
    }
}
