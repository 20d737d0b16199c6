using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes and erases vectors of memories, inside the committer's transaction.</summary>
internal sealed class MemoryVectorWrites(WriteTransaction transaction)
{
    private const string FindSql = "SELECT memory_key FROM memories WHERE tenant = ?1 AND id = ?2 AND version = ?3";

    private const string SaveSql = """
        INSERT INTO memory_vectors (memory_key, space, elements) VALUES (?1, ?2, ?3)
        ON CONFLICT (memory_key, space) DO UPDATE SET elements = excluded.elements
        """;

    private const string EraseSql = "UPDATE memory_vectors SET elements = NULL WHERE memory_key = ?1";
    private const string SomeOfSpace = "(SELECT vector_key FROM memory_vectors WHERE space = ?1 ORDER BY vector_key LIMIT ?2)";
    private const string EraseOfSpaceSql = $"UPDATE memory_vectors SET elements = NULL WHERE vector_key IN {SomeOfSpace}";
    private const string RemoveOfSpaceSql = $"DELETE FROM memory_vectors WHERE vector_key IN {SomeOfSpace}";
    private const string NextSql =
        "SELECT memory_key, id, status FROM memories WHERE tenant = ?1 AND memory_key > ?2 ORDER BY memory_key LIMIT ?3";

    private readonly Connection connection = transaction.Connection;

    /// <summary>The ids of memories of another version by now.</summary>
    public IReadOnlyList<string> Save(int space, string tenant, IReadOnlyList<MemoryVector> vectors)
    {
        if (SpaceQueries.Find(connection, space) is null)
            return [];
        var changed = new List<string>();
        foreach (var vector in vectors)
        {
            if (Find(tenant, vector) is { } memoryKey)
                connection.Prepared(SaveSql).Bind(1, memoryKey).Bind(2, space).Bind(3, HalfVector.Encode(vector.Vector)).Run();
            else
                changed.Add(vector.MemoryId);
        }

        return changed;
    }

    public void Erase(long memoryKey) => connection.Prepared(EraseSql).Bind(1, memoryKey).Run();

    /// <summary>Has the memory's text embedded for each living space.</summary>
    public void Wake(string tenant, string id, DateTimeOffset now)
    {
        foreach (var space in transaction.Spaces.Living)
            transaction.Due.Wake(tenant, DueKinds.EmbedMemory(space), id, now, now);
    }

    public long? WakeSome(int space, string tenant, long cursor, int limit, DateTimeOffset now)
    {
        if (SpaceQueries.Find(connection, space) is not { State: not VectorSpaceState.Retired })
            return null;
        var (kind, read) = (DueKinds.EmbedMemory(space), 0);
        using var rows = connection.Prepared(NextSql).Bind(1, tenant).Bind(2, cursor).Bind(3, limit).Query();
        for (; rows.Next(); read++)
        {
            cursor = rows.Int64(0);
            if (MemoryDocument.IsRecallable((MemoryStatus)rows.Int64(2)))
                transaction.Due.Wake(tenant, kind, rows.Text(1), now, now);
        }

        return read == limit ? cursor : null;
    }

    /// <summary>Removes some vectors of a space; false when it had none left.</summary>
    public bool RemoveSome(int space, int limit)
    {
        connection.Prepared(EraseOfSpaceSql).Bind(1, space).Bind(2, limit).Run();
        return connection.Prepared(RemoveOfSpaceSql).Bind(1, space).Bind(2, limit).Run() > 0;
    }

    private long? Find(string tenant, MemoryVector vector)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, tenant).Bind(2, vector.MemoryId).Bind(3, vector.Version).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }
}
