using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Reads entities of a tenant.</summary>
internal static class EntityQueries
{
    private const string ByIdSql = $"SELECT {GraphRows.EntityColumns} FROM {GraphRows.EntityTables} WHERE e.tenant = ?1 AND e.id = ?2";

    private const string ByNameSql = $"""
        SELECT {GraphRows.EntityColumns} FROM {GraphRows.EntityTables}
        WHERE e.owner_key = (SELECT owner_key FROM graph_owners WHERE tenant = ?1 AND user_id IS ?2)
          AND ifnull(e.agent_id, '') = ifnull(?3, '') AND e.name_digest = ?4
        UNION ALL
        SELECT {GraphRows.EntityColumns} FROM {GraphRows.EntityTables}
        WHERE e.entity_key = (
            SELECT a.entity_key FROM graph_owners w CROSS JOIN graph_aliases a ON a.owner_key = w.owner_key
            WHERE w.tenant = ?1 AND w.user_id IS ?2 AND a.agent_id = ifnull(?3, '') AND a.digest = ?4)
        LIMIT 1
        """;

    private const string CountsSql = "SELECT count(*), ifnull(sum(observations), 0) FROM graph_entities WHERE tenant = ?1";
    private const string TypesSql = "SELECT type, count(*) FROM graph_entities WHERE tenant = ?1 GROUP BY type";
    private const string RelationTypesSql =
        "SELECT type, count(*) FROM graph_relations WHERE tenant = ?1 AND superseded_at IS NULL GROUP BY type";

    private const string ConnectedSql = $"""
        SELECT {GraphRows.EntityColumns}, e.relations FROM {GraphRows.EntityTables}
        WHERE e.tenant = ?1 AND e.relations > 0 ORDER BY e.relations DESC, e.observations DESC, e.entity_key DESC LIMIT ?2
        """;

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    private static readonly string[] ListSql = [.. Enumerable.Range(0, 8).Select(ListSqlFor)];

    public static Entity? Find(Connection connection, (string Tenant, string Id) query)
    {
        using var rows = connection.Prepared(ByIdSql).Bind(1, query.Tenant).Bind(2, query.Id).Query();
        return rows.Next() ? GraphRows.ReadEntity(rows) : null;
    }

    public static Entity? FindByName(Connection connection, (string Tenant, GraphScope Scope, byte[] Digest) query)
    {
        using var rows = connection.Prepared(ByNameSql)
            .Bind(1, query.Tenant).Bind(2, query.Scope.UserId).Bind(3, query.Scope.AgentId).Bind(4, query.Digest.AsSpan())
            .Query();
        return rows.Next() ? GraphRows.ReadEntity(rows) : null;
    }

    /// <summary>On the way of every search: one prepared look-up for each, all in one snapshot.</summary>
    public static IReadOnlyList<Entity> FindAll(Connection connection, (string Tenant, IReadOnlyCollection<string> Ids) query)
    {
        var entities = new List<Entity>(query.Ids.Count);
        using var snapshot = new Snapshot(connection);
        var statement = connection.Prepared(ByIdSql).Bind(1, query.Tenant);
        foreach (var id in query.Ids)
        {
            using var rows = statement.Bind(2, id).Query();
            if (rows.Next())
                entities.Add(GraphRows.ReadEntity(rows));
        }

        return entities;
    }

    public static Page<Entity> List(Connection connection, (string Tenant, EntityFilter Filter, ListPosition Before, int Limit) query)
    {
        var filter = query.Filter;
        var shape = (filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.Type is null ? 0 : 4);
        var statement = connection.Prepared(ListSql[shape])
            .Bind(1, query.Tenant).Bind(2, query.Before.CreatedAt).Bind(3, query.Before.SessionKey).Bind(4, query.Limit + 1L);
        if (filter.UserId is not null)
            statement.Bind(5, filter.UserId);
        if (filter.AgentId is not null)
            statement.Bind(6, filter.AgentId);
        if (filter.Type is not null)
            statement.Bind(7, filter.Type);

        var page = new ListPage<Entity>(query.Limit);
        using var rows = statement.Query();
        while (rows.Next())
            page.Add(GraphRows.ReadEntity(rows), rows.Int64(7), rows.Int64(10));
        return page.ToPage();
    }

    public static GraphOverview Summarize(Connection connection, (string Tenant, int ConnectedMax, int TypesMax) query)
    {
        using var snapshot = new Snapshot(connection);
        using var counts = connection.Prepared(CountsSql).Bind(1, query.Tenant).Query();
        counts.Next();
        var relationTypes = CountTypes(connection, RelationTypesSql, query.Tenant);
        var connected = new List<ConnectedEntity>();
        using var rows = connection.Prepared(ConnectedSql).Bind(1, query.Tenant).Bind(2, query.ConnectedMax).Query();
        while (rows.Next())
            connected.Add(new ConnectedEntity(GraphRows.ReadEntity(rows), rows.Int64(10)));
        return new GraphOverview(
            counts.Int64(0), counts.Int64(1), relationTypes.Sum(static type => type.Count),
            Largest(CountTypes(connection, TypesSql, query.Tenant), query.TypesMax), Largest(relationTypes, query.TypesMax), connected);
    }

    private static List<TypeCount> CountTypes(Connection connection, string sql, string tenant)
    {
        var types = new List<TypeCount>();
        using var rows = connection.Prepared(sql).Bind(1, tenant).Query();
        while (rows.Next())
            types.Add(new TypeCount(rows.Text(0), rows.Int64(1)));
        return types;
    }

    private static TypeCount[] Largest(List<TypeCount> types, int typesMax) =>
        [.. types.OrderByDescending(static type => type.Count).ThenBy(static type => type.Type, StringComparer.Ordinal).Take(typesMax)];

    private static string ListSqlFor(int shape)
    {
        var user = (shape & 1) == 0 ? "" : " AND e.owner_key = (SELECT owner_key FROM graph_owners WHERE tenant = ?1 AND user_id = ?5)";
        var agent = (shape & 2) == 0 ? "" : " AND e.agent_id = ?6";
        var type = (shape & 4) == 0 ? "" : " AND e.type = ?7";
        return $"""
            SELECT {GraphRows.EntityColumns}, e.entity_key FROM {GraphRows.EntityTables}
            WHERE e.tenant = ?1 AND (e.created_at, e.entity_key) < (?2, ?3){user}{agent}{type}
            ORDER BY e.created_at DESC, e.entity_key DESC LIMIT ?4
            """;
    }
}
