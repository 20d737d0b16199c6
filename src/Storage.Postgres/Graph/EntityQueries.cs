using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Which entities a page holds, from where on.</summary>
internal readonly record struct EntityListing(EntityFilter Filter, ListPosition Before, int Limit);

/// <summary>Reads entities of a tenant.</summary>
internal static class EntityQueries
{
    public static readonly TenantQuery<string, Entity?> Find = new(
        "find entity",
        $"SELECT {GraphRows.EntityColumns} FROM graph_entities e WHERE e.tenant = $1 AND e.id = $2",
        static (parameters, id) => parameters.AddText(id),
        static (rows, _, cancel) => ReadOneAsync(rows, cancel));

    public static readonly TenantQuery<(GraphScope Scope, byte[] Digest), Entity?> FindByName = new(
        "find entity by name",
        $"""
        SELECT {GraphRows.EntityColumns} FROM graph_entities e WHERE e.tenant = $1 AND e.user_id = $2 AND e.agent_id = $3 AND e.name_digest = $4
        UNION ALL
        SELECT {GraphRows.EntityColumns} FROM graph_aliases a JOIN graph_entities e ON e.tenant = a.tenant AND e.id = a.entity_id
        WHERE a.tenant = $1 AND a.user_id = $2 AND a.agent_id = $3 AND a.digest = $4
        LIMIT 1
        """,
        static (parameters, query) =>
        {
            parameters.AddText(UserName.ToColumn(query.Scope.UserId));
            parameters.AddText(UserName.ToColumn(query.Scope.AgentId));
            parameters.AddBytes(query.Digest);
        },
        static (rows, _, cancel) => ReadOneAsync(rows, cancel));

    /// <summary>On the way of every search: one look-up for each, whatever the planner thinks of their number.</summary>
    public static readonly TenantQuery<string[], IReadOnlyList<Entity>> FindAll = new(
        "find entities",
        $"""
        SELECT {GraphRows.EntityColumns}
        FROM unnest($2::text[]) AS a (id) CROSS JOIN LATERAL (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.id = a.id LIMIT 1) e
        """,
        static (parameters, ids) => parameters.AddTexts(ids),
        static async (rows, _, cancel) =>
        {
            var entities = new List<Entity>();
            while (await rows.ReadAsync(cancel))
                entities.Add(GraphRows.ReadEntity(rows));
            return entities;
        });

    public static readonly TenantQuery<string, (long Entities, long Observations)> Count = new(
        "count entities",
        "SELECT count(*), coalesce(sum(e.observations), 0)::bigint FROM graph_entities e WHERE e.tenant = $1",
        static (_, _) => { },
        static async (rows, _, cancel) =>
        {
            await rows.ReadAsync(cancel);
            return (rows.GetInt64(0), rows.GetInt64(1));
        });

    public static readonly TenantQuery<string, IReadOnlyList<TypeCount>> Types = new(
        "count entity types",
        "SELECT e.type, count(*) FROM graph_entities e WHERE e.tenant = $1 GROUP BY e.type",
        static (_, _) => { },
        static (rows, _, cancel) => ReadTypesAsync(rows, cancel));

    public static readonly TenantQuery<string, IReadOnlyList<TypeCount>> RelationTypes = new(
        "count relation types",
        "SELECT r.type, count(*) FROM graph_relations r WHERE r.tenant = $1 AND r.superseded_at IS NULL GROUP BY r.type",
        static (_, _) => { },
        static (rows, _, cancel) => ReadTypesAsync(rows, cancel));

    public static readonly TenantQuery<int, IReadOnlyList<ConnectedEntity>> Connected = new(
        "most connected entities",
        $"""
        SELECT {GraphRows.EntityColumns}, e.relations FROM graph_entities e
        WHERE e.tenant = $1 AND e.relations > 0 ORDER BY e.relations DESC, e.observations DESC, e.entity_key DESC LIMIT $2
        """,
        static (parameters, limit) => parameters.AddBigint(limit),
        static async (rows, _, cancel) =>
        {
            var connected = new List<ConnectedEntity>();
            while (await rows.ReadAsync(cancel))
                connected.Add(new ConnectedEntity(GraphRows.ReadEntity(rows), rows.GetInt64(10)));
            return connected;
        });

    /// <summary>One statement for each combination of filters, so that each can use the index made for it.</summary>
    public static readonly TenantQuery<EntityListing, Page<Entity>>[] Listings = [.. Enumerable.Range(0, 8).Select(ListingOf)];

    public static TenantQuery<EntityListing, Page<Entity>> List(EntityFilter filter) =>
        Listings[(filter.UserId is null ? 0 : 1) + (filter.AgentId is null ? 0 : 2) + (filter.Type is null ? 0 : 4)];

    private static TenantQuery<EntityListing, Page<Entity>> ListingOf(int shape)
    {
        var next = 5;
        var user = (shape & 1) == 0 ? "" : $" AND e.user_id = ${next++}";
        var agent = (shape & 2) == 0 ? "" : $" AND e.agent_id = ${next++}";
        var type = (shape & 4) == 0 ? "" : $" AND e.type = ${next}";
        return new(
            $"list entities{user}{agent}{type}",
            $"""
            SELECT {GraphRows.EntityColumns}, e.entity_key FROM graph_entities e
            WHERE e.tenant = $1 AND (e.created_at, e.entity_key) < ($2, $3){user}{agent}{type}
            ORDER BY e.created_at DESC, e.entity_key DESC LIMIT $4
            """,
            Bind,
            ReadPageAsync);
    }

    private static void Bind(NpgsqlParameterCollection parameters, EntityListing listing)
    {
        parameters.AddBigint(listing.Before.CreatedAt);
        parameters.AddBigint(listing.Before.SessionKey);
        parameters.AddBigint(listing.Limit + 1L);
        if (listing.Filter.UserId is { } user)
            parameters.AddText(user);
        if (listing.Filter.AgentId is { } agent)
            parameters.AddText(agent);
        if (listing.Filter.Type is { } type)
            parameters.AddText(type);
    }

    private static async Task<Page<Entity>> ReadPageAsync(TenantRows rows, EntityListing listing, CancellationToken cancel)
    {
        var page = new ListPage<Entity>(listing.Limit);
        while (await rows.ReadAsync(cancel))
            page.Add(GraphRows.ReadEntity(rows), rows.GetInt64(7), rows.GetInt64(10));
        return page.ToPage();
    }

    private static async Task<Entity?> ReadOneAsync(TenantRows rows, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) ? GraphRows.ReadEntity(rows) : null;

    private static async Task<IReadOnlyList<TypeCount>> ReadTypesAsync(TenantRows rows, CancellationToken cancel)
    {
        var types = new List<TypeCount>();
        while (await rows.ReadAsync(cancel))
            types.Add(new TypeCount(rows.GetString(0), rows.GetInt64(1)));
        return types;
    }
}
