using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes vectors of memories, and has memories embedded, inside the committer's transaction.</summary>
internal sealed class MemoryVectorWrites(WriteTransaction transaction) : DocumentVectorWrites(transaction, DocumentVectorTable.Memories)
{
    private const string NextSql =
        "SELECT memory_key, id, status FROM memories WHERE tenant = ?1 AND memory_key > ?2 ORDER BY memory_key LIMIT ?3";

    /// <summary>Has the memory's text embedded for each living space.</summary>
    public void Wake(string tenant, string id, DateTimeOffset now)
    {
        foreach (var space in Transaction.Spaces.Living)
            Transaction.Due.Wake(tenant, DueKinds.EmbedMemory(space), id, now, now);
    }

    public long? WakeSome(int space, string tenant, long cursor, int limit, DateTimeOffset now)
    {
        if (SpaceQueries.Find(Connection, space) is not { State: not VectorSpaceState.Retired })
            return null;
        var (kind, read) = (DueKinds.EmbedMemory(space), 0);
        using var rows = Connection.Prepared(NextSql).Bind(1, tenant).Bind(2, cursor).Bind(3, limit).Query();
        for (; rows.Next(); read++)
        {
            cursor = rows.Int64(0);
            if (MemoryDocument.IsRecallable((MemoryStatus)rows.Int64(2)))
                Transaction.Due.Wake(tenant, kind, rows.Text(1), now, now);
        }

        return read == limit ? cursor : null;
    }
}
