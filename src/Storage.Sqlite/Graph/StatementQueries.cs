using MemoryOrleans.Graph;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads what is said of a tenant's entities: observations and relations.</summary>
internal static class StatementQueries
{
    private const string Holds =
        "{0}.valid_from <= ?5 AND ({0}.valid_to IS NULL OR {0}.valid_to > ?5) AND {0}.recorded_at <= ?6 AND ({0}.superseded_at IS NULL "
        + "OR {0}.superseded_at > ?6)";

    private const string ObservationById = $"""
        SELECT {GraphRows.ObservationColumns}
        FROM graph_observations o CROSS JOIN graph_entities e ON e.entity_key = o.entity_key CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE o.tenant = ?1 AND o.id = ?2
        """;

    private const string ObservationsOf = $"""
        SELECT {GraphRows.ObservationColumns}
        FROM graph_entities e CROSS JOIN graph_observations o ON o.entity_key = e.entity_key CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE e.tenant = ?1 AND e.id = ?2
        """;

    private const string SaidSql = $"{ObservationsOf} AND o.content_digest = ?3 AND o.superseded_at IS NULL";
    private const string CitingSql = $"""
        SELECT {GraphRows.ObservationColumns}
        FROM graph_citations c CROSS JOIN graph_observations o ON o.tenant = c.tenant AND o.id = c.observation_id
        CROSS JOIN graph_entities e ON e.entity_key = o.entity_key CROSS JOIN graph_texts x ON x.text_key = o.text_key
        WHERE c.tenant = ?1 AND c.session_id = ?2 AND c.observation_id > ?3 ORDER BY c.observation_id LIMIT ?4
        """;

    private const string FindObservationSql = ObservationById;

    private const string EntityKeySql = "SELECT entity_key FROM graph_entities WHERE tenant = ?1 AND id = ?2";

    private const string RelationByIdSql = $"""
        SELECT {GraphRows.RelationColumns} FROM {GraphRows.RelationTables}
        WHERE r.tenant = ?1 AND r.id = ?2 ORDER BY r.version DESC LIMIT 1
        """;

    private const string OpenRelationSql = $"""
        SELECT {GraphRows.RelationColumns} FROM {GraphRows.RelationTables}
        WHERE r.from_key = (SELECT entity_key FROM graph_entities WHERE tenant = ?1 AND id = ?2)
          AND r.to_key = (SELECT entity_key FROM graph_entities WHERE tenant = ?1 AND id = ?3)
          AND r.type = ?4 AND r.superseded_at IS NULL AND r.valid_to IS NULL
        """;

    private static readonly string ReadObservationsSql = $"{ObservationsOf} AND {HoldsFor("o")} ORDER BY o.observation_key DESC LIMIT ?3";

    /// <summary>Two ordered walks, merged: neither way has more than a page to read.</summary>
    private static readonly string ReadRelationsSql = $"""
        SELECT {GraphRows.RelationColumns}, r.relation_key FROM {GraphRows.RelationTables}
        WHERE r.from_key = ?1 AND r.relation_key > ?2 AND {HoldsFor("r")}
        UNION ALL
        SELECT {GraphRows.RelationColumns}, r.relation_key FROM {GraphRows.RelationTables}
        WHERE r.to_key = ?1 AND r.relation_key > ?2 AND {HoldsFor("r")}
        ORDER BY 12 LIMIT ?3
        """;

    public static Observation? FindObservation(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(FindObservationSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? GraphRows.ReadObservation(rows) : null;
    }

    public static IReadOnlyList<Observation> FindCiting(
        Connection connection, (string Tenant, string SessionId, string? AfterId, int Limit) query)
    {
        var found = new List<Observation>();
        using var rows = connection.Prepared(CitingSql)
            .Bind(1, query.Tenant).Bind(2, query.SessionId).Bind(3, query.AfterId ?? string.Empty).Bind(4, query.Limit)
            .Query();
        while (rows.Next())
            found.Add(GraphRows.ReadObservation(rows));
        return found;
    }

    public static Observation? FindSaid(Connection connection, (string Tenant, string EntityId, byte[] Digest) query)
    {
        using var rows = connection.Prepared(SaidSql).Bind(1, query.Tenant).Bind(2, query.EntityId).Bind(3, query.Digest.AsSpan()).Query();
        return rows.Next() ? GraphRows.ReadObservation(rows) : null;
    }

    public static IReadOnlyList<Observation> ReadObservations(
        Connection connection, (string Tenant, IReadOnlyCollection<string> EntityIds, GraphMoment At, int PerEntityMax) query)
    {
        var observations = new List<Observation>();
        using var snapshot = new Snapshot(connection);
        var statement = connection.Prepared(ReadObservationsSql)
            .Bind(1, query.Tenant).Bind(3, query.PerEntityMax).BindTime(5, query.At.Valid).BindTime(6, query.At.Known);
        foreach (var id in query.EntityIds)
        {
            using var rows = statement.Bind(2, id).Query();
            while (rows.Next())
                observations.Add(GraphRows.ReadObservation(rows));
        }

        return observations;
    }

    public static Relation? FindRelation(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(RelationByIdSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? GraphRows.ReadRelation(rows) : null;
    }

    public static Relation? FindOpenRelation(Connection connection, (string Tenant, string FromId, string ToId, string Type) query)
    {
        using var rows = connection.Prepared(OpenRelationSql)
            .Bind(1, query.Tenant).Bind(2, query.FromId).Bind(3, query.ToId).Bind(4, query.Type)
            .Query();
        return rows.Next() ? GraphRows.ReadRelation(rows) : null;
    }

    public static IReadOnlyList<NeighbourPage> ReadRelations(
        Connection connection, (string Tenant, IReadOnlyList<NeighbourQuery> Queries, GraphMoment At, int PerEntityMax) query)
    {
        var pages = new List<NeighbourPage>(query.Queries.Count);
        using var snapshot = new Snapshot(connection);
        var statement = connection.Prepared(ReadRelationsSql)
            .Bind(3, query.PerEntityMax + 1L).BindTime(5, query.At.Valid).BindTime(6, query.At.Known);
        foreach (var wanted in query.Queries)
            pages.Add(ReadPage(statement, wanted, FindKey(connection, query.Tenant, wanted.EntityId), query.PerEntityMax));
        return pages;
    }

    private static NeighbourPage ReadPage(Statement statement, NeighbourQuery wanted, long? entityKey, int perEntityMax)
    {
        var relations = new List<Relation>();
        if (entityKey is not { } key)
            return new NeighbourPage(wanted.EntityId, relations, NextAfter: null);
        var last = wanted.After;
        using var rows = statement.Bind(1, key).Bind(2, wanted.After).Query();
        while (rows.Next())
        {
            if (relations.Count == perEntityMax)
                return new NeighbourPage(wanted.EntityId, relations, last);
            relations.Add(GraphRows.ReadRelation(rows));
            last = rows.Int64(11);
        }

        return new NeighbourPage(wanted.EntityId, relations, NextAfter: null);
    }

    private static long? FindKey(Connection connection, string tenant, string entityId)
    {
        using var rows = connection.Prepared(EntityKeySql).Bind(1, tenant).Bind(2, entityId).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }

    private static string HoldsFor(string alias) => Holds.Replace("{0}", alias, StringComparison.Ordinal);
}
