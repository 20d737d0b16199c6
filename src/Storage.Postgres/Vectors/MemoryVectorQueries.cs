using System.Collections.Concurrent;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using NpgsqlTypes;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads vectors of a tenant's memories in one space; the SQL of each space is made once.</summary>
internal sealed class MemoryVectorQueries
{
    /// <summary>The statuses of memories that recall may find.</summary>
    public static readonly short[] Recallable =
        [.. Enum.GetValues<MemoryStatus>().Where(MemoryDocument.IsRecallable).Select(static status => (short)status)];

    private static readonly ConcurrentDictionary<int, MemoryVectorQueries> Made = new();

    private MemoryVectorQueries(int spaceId)
    {
        var table = SpaceTable.MemoriesNameOf(spaceId);
        Read = new(
            "vectors of memories",
            $"""
            SELECT m.id, coalesce(m.change, 0), v.embedding FROM (SELECT DISTINCT a.id FROM unnest($2::text[]) AS a (id)) a
            CROSS JOIN LATERAL (SELECT * FROM memories m WHERE m.tenant = $1 AND m.id = a.id LIMIT 1) m
            CROSS JOIN LATERAL (SELECT * FROM {table} v WHERE v.tenant = $1 AND v.memory_key = m.memory_key LIMIT 1) v
            """,
            static (parameters, ids) => parameters.AddTexts(ids),
            StoredDocumentVectors.ReadAsync);
        Count = new(
            "count memories with vectors",
            $"""
            SELECT (SELECT count(*) FROM {table} v WHERE v.tenant = $1),
                   (SELECT count(*) FROM memories m WHERE m.tenant = $1 AND m.status = ANY ($2))
            """,
            static (parameters, _) => parameters.AddArray(Recallable, NpgsqlDbType.Smallint),
            static async (rows, _, cancel) => await rows.ReadAsync(cancel)
            ? new DocumentVectorCount(rows.GetInt64(0), rows.GetInt64(1)) : default);
    }

    public TenantQuery<string[], List<StoredDocumentVector>> Read { get; }

    public TenantQuery<string, DocumentVectorCount> Count { get; }

    public static MemoryVectorQueries Of(VectorSpace space) => Made.GetOrAdd(space.Id, static id => new MemoryVectorQueries(id));
}
