using System.Collections.Concurrent;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads vectors of a tenant's entities in one space; the SQL of each space is made once.</summary>
internal sealed class EntityVectorQueries
{
    private static readonly ConcurrentDictionary<int, EntityVectorQueries> Made = new();

    private EntityVectorQueries(int spaceId)
    {
        var table = SpaceTable.EntitiesNameOf(spaceId);
        Read = new(
            "vectors of entities",
            $"""
            SELECT e.id, e.change, v.embedding FROM (SELECT DISTINCT a.id FROM unnest($2::text[]) AS a (id)) a
            CROSS JOIN LATERAL (SELECT * FROM graph_entities e WHERE e.tenant = $1 AND e.id = a.id LIMIT 1) e
            CROSS JOIN LATERAL (SELECT * FROM {table} v WHERE v.tenant = $1 AND v.entity_key = e.entity_key LIMIT 1) v
            """,
            static (parameters, ids) => parameters.AddTexts(ids),
            StoredDocumentVectors.ReadAsync);
        Count = new(
            "count entities with vectors",
            $"""
            SELECT (SELECT count(*) FROM {table} v WHERE v.tenant = $1), (SELECT count(*) FROM graph_entities e WHERE e.tenant = $1)
            """,
            static (_, _) => { },
            static async (rows, _, cancel) => await rows.ReadAsync(cancel)
            ? new DocumentVectorCount(rows.GetInt64(0), rows.GetInt64(1)) : default);
    }

    public TenantQuery<string[], List<StoredDocumentVector>> Read { get; }

    public TenantQuery<string, DocumentVectorCount> Count { get; }

    public static EntityVectorQueries Of(VectorSpace space) => Made.GetOrAdd(space.Id, static id => new EntityVectorQueries(id));
}
