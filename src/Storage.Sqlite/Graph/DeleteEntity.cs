using MemoryOrleans.Graph;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>
/// Removes an entity with all that hangs on it, inside the committer's transaction: texts are emptied where they are, the rest
/// goes, and the search index is told.
/// </summary>
internal sealed class DeleteEntity(Connection connection)
{
    private const string EraseTextsSql = """
        UPDATE graph_texts SET name = NULL, content = NULL, sources = NULL, metadata = NULL, aliases = NULL
        WHERE text_key IN (
            SELECT text_key FROM graph_entities WHERE entity_key = ?1
            UNION ALL SELECT text_key FROM graph_observations WHERE entity_key = ?1
            UNION ALL SELECT text_key FROM graph_relations WHERE from_key = ?1
            UNION ALL SELECT text_key FROM graph_relations WHERE to_key = ?1)
        """;

    private const string SourcesSql = """
        SELECT o.tenant, o.id, x.sources FROM graph_observations o CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE o.entity_key = ?1 AND x.sources IS NOT NULL
        """;

    private const string RemoveCitationSql = "DELETE FROM graph_citations WHERE tenant = ?1 AND session_id = ?2 AND observation_id = ?3";

    private const string CountFromSql = "SELECT count(DISTINCT id) FROM graph_relations WHERE from_key = ?1";
    private const string CountToSql = "SELECT count(DISTINCT id) FROM graph_relations WHERE to_key = ?1";

    private const string DiscountToSql = """
        UPDATE graph_entities SET relations = relations - (
            SELECT count(*) FROM graph_relations r
            WHERE r.from_key = ?1 AND r.to_key = graph_entities.entity_key AND r.superseded_at IS NULL AND r.valid_to IS NULL)
        WHERE entity_key IN (SELECT to_key FROM graph_relations WHERE from_key = ?1)
        """;

    private const string DiscountFromSql = """
        UPDATE graph_entities SET relations = relations - (
            SELECT count(*) FROM graph_relations r
            WHERE r.from_key = graph_entities.entity_key AND r.to_key = ?1 AND r.superseded_at IS NULL AND r.valid_to IS NULL)
        WHERE entity_key IN (SELECT from_key FROM graph_relations WHERE to_key = ?1)
        """;

    private const string DeleteFromSql = "DELETE FROM graph_relations WHERE from_key = ?1";
    private const string DeleteToSql = "DELETE FROM graph_relations WHERE to_key = ?1";
    private const string DeleteObservationsSql = "DELETE FROM graph_observations WHERE entity_key = ?1";
    private const string DeleteAliasesSql = "DELETE FROM graph_aliases WHERE entity_key = ?1";
    private const string DeleteSql = "DELETE FROM graph_entities WHERE entity_key = ?1";
    private const string InsertRemovalSql = "INSERT INTO graph_removals (change, owner_key, entity_id) VALUES (?1, ?2, ?3)";

    public GraphReceipt Run(GraphWrites.EntityRow row, string id, long change, DateTimeOffset now)
    {
        foreach (var (tenant, observation, sources) in FindSources(row.EntityKey))
            RemoveCitations(tenant, observation, sources);
        Run(EraseTextsSql, row.EntityKey);
        Run(DiscountToSql, row.EntityKey);
        Run(DiscountFromSql, row.EntityKey);
        var relations = Count(CountFromSql, row.EntityKey) + Count(CountToSql, row.EntityKey);
        Run(DeleteFromSql, row.EntityKey);
        Run(DeleteToSql, row.EntityKey);
        var observations = Run(DeleteObservationsSql, row.EntityKey);
        Run(DeleteAliasesSql, row.EntityKey);
        Run(DeleteSql, row.EntityKey);
        connection.Prepared(InsertRemovalSql).Bind(1, change).Bind(2, row.OwnerKey).Bind(3, id).Run();
        return new GraphReceipt(id, observations, relations, now);
    }

    public void RemoveCitations(string tenant, string observationId, string? sources)
    {
        foreach (var source in SourceList.Read(sources))
            connection.Prepared(RemoveCitationSql).Bind(1, tenant).Bind(2, source.SessionId).Bind(3, observationId).Run();
    }

    private List<(string Tenant, string Id, string Sources)> FindSources(long entityKey)
    {
        var found = new List<(string Tenant, string Id, string Sources)>();
        using var rows = connection.Prepared(SourcesSql).Bind(1, entityKey).Query();
        while (rows.Next())
            found.Add((rows.Text(0), rows.Text(1), rows.Text(2)));
        return found;
    }

    private int Count(string sql, long entityKey)
    {
        using var rows = connection.Prepared(sql).Bind(1, entityKey).Query();
        return rows.Next() ? (int)rows.Int64(0) : 0;
    }

    private int Run(string sql, long entityKey) => connection.Prepared(sql).Bind(1, entityKey).Run();
}
