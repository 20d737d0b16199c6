using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>The statements over a table of vectors and the one of the documents that they are of.</summary>
/// <param name="vectors">The table of vectors.</param>
/// <param name="documents">The table of documents.</param>
/// <param name="key">The column by which both know a document.</param>
/// <param name="version">The documents' column that a vector's version is held against.</param>
/// <param name="change">The documents' number in their feed, of a document d.</param>
internal sealed class DocumentVectorTable(string vectors, string documents, string key, string version, string change)
{
    public static readonly DocumentVectorTable Memories =
        new("memory_vectors", "memories", "memory_key", "version", "ifnull(d.change, 0)");

    public static readonly DocumentVectorTable Entities = new("entity_vectors", "graph_entities", "entity_key", "change", "d.change");

    public string FindSql { get; } = $"SELECT {key} FROM {documents} WHERE tenant = ?1 AND id = ?2 AND {version} = ?3";

    public string SaveSql { get; } = $"""
        INSERT INTO {vectors} ({key}, space, elements) VALUES (?1, ?2, ?3)
        ON CONFLICT ({key}, space) DO UPDATE SET elements = excluded.elements
        """;

    public string EraseSql { get; } = $"UPDATE {vectors} SET elements = NULL WHERE {key} = ?1";

    public string EraseOfSpaceSql { get; } = $"UPDATE {vectors} SET elements = NULL WHERE vector_key IN {SomeOfSpace(vectors)}";

    public string RemoveOfSpaceSql { get; } = $"DELETE FROM {vectors} WHERE vector_key IN {SomeOfSpace(vectors)}";

    private string ReadSql { get; } = $"""
        SELECT {change}, v.elements FROM {documents} d CROSS JOIN {vectors} v ON v.{key} = d.{key} AND v.space = ?3
        WHERE d.tenant = ?1 AND d.id = ?2 AND v.elements IS NOT NULL
        """;

    public IReadOnlyList<StoredDocumentVector> Read(
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

    private static string SomeOfSpace(string table) => $"(SELECT vector_key FROM {table} WHERE space = ?1 ORDER BY vector_key LIMIT ?2)";
}
