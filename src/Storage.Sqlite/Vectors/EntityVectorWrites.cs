using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes vectors of entities, and has entities embedded, inside the committer's transaction.</summary>
internal sealed class EntityVectorWrites(WriteTransaction transaction) : DocumentVectorWrites(transaction, DocumentVectorTable.Entities)
{
    private const string NextSql =
        "SELECT entity_key, id FROM graph_entities WHERE tenant = ?1 AND entity_key > ?2 ORDER BY entity_key LIMIT ?3";

    /// <summary>Has the entity embedded for each of the spaces.</summary>
    public void Wake(string tenant, string id, IReadOnlyList<int> spaces, DateTimeOffset now)
    {
        foreach (var space in spaces)
            Transaction.Due.Wake(tenant, DueKinds.EmbedEntity(space), id, now, now);
    }

    public long? WakeSome(int space, string tenant, long cursor, int limit, DateTimeOffset now)
    {
        if (SpaceQueries.Find(Connection, space) is not { State: not VectorSpaceState.Retired })
            return null;
        var (kind, woken) = (DueKinds.EmbedEntity(space), 0);
        using var rows = Connection.Prepared(NextSql).Bind(1, tenant).Bind(2, cursor).Bind(3, limit).Query();
        for (; rows.Next(); woken++)
        {
            cursor = rows.Int64(0);
            Transaction.Due.Wake(tenant, kind, rows.Text(1), now, now);
        }

        return woken == limit ? cursor : null;
    }
}
