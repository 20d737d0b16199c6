using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Counts vectors of entities.</summary>
internal static class EntityVectorQueries
{
    private const string CountSql = """
        SELECT count(v.elements), count(*)
        FROM graph_entities e LEFT JOIN entity_vectors v ON v.entity_key = e.entity_key AND v.space = ?2 WHERE e.tenant = ?1
        """;

    public static DocumentVectorCount Count(Connection connection, (int Space, string Tenant) query)
    {
        using var rows = connection.Prepared(CountSql).Bind(1, query.Tenant).Bind(2, query.Space).Query();
        return rows.Next() ? new DocumentVectorCount(rows.Int64(0), rows.Int64(1)) : default;
    }
}
