using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes and erases vectors of entities, inside the committer's transaction.</summary>
internal sealed class EntityVectorWrites(WriteTransaction transaction)
{
    private const string FindSql = "SELECT entity_key FROM graph_entities WHERE tenant = ?1 AND id = ?2 AND change = ?3";

    private const string SaveSql = """
        INSERT INTO entity_vectors (entity_key, space, elements) VALUES (?1, ?2, ?3)
        ON CONFLICT (entity_key, space) DO UPDATE SET elements = excluded.elements
        """;

    private const string EraseSql = "UPDATE entity_vectors SET elements = NULL WHERE entity_key = ?1";
    private const string SomeOfSpace = "(SELECT vector_key FROM entity_vectors WHERE space = ?1 ORDER BY vector_key LIMIT ?2)";
    private const string EraseOfSpaceSql = $"UPDATE entity_vectors SET elements = NULL WHERE vector_key IN {SomeOfSpace}";
    private const string RemoveOfSpaceSql = $"DELETE FROM entity_vectors WHERE vector_key IN {SomeOfSpace}";
    private const string NextSql =
        "SELECT entity_key, id FROM graph_entities WHERE tenant = ?1 AND entity_key > ?2 ORDER BY entity_key LIMIT ?3";

    private readonly Connection connection = transaction.Connection;

    /// <summary>The ids of entities that are gone or were changed since.</summary>
    public IReadOnlyList<string> Save(int space, string tenant, IReadOnlyList<EntityVector> vectors)
    {
        if (SpaceQueries.Find(connection, space) is null)
            return [];
        var changed = new List<string>();
        foreach (var vector in vectors)
        {
            if (Find(tenant, vector) is { } entityKey)
                connection.Prepared(SaveSql).Bind(1, entityKey).Bind(2, space).Bind(3, HalfVector.Encode(vector.Vector)).Run();
            else
                changed.Add(vector.EntityId);
        }

        return changed;
    }

    public void Erase(long entityKey) => connection.Prepared(EraseSql).Bind(1, entityKey).Run();

    /// <summary>Has the entity embedded for each of the spaces.</summary>
    public void Wake(string tenant, string id, IReadOnlyList<int> spaces, DateTimeOffset now)
    {
        foreach (var space in spaces)
            transaction.Due.Wake(tenant, DueKinds.EmbedEntity(space), id, now, now);
    }

    public long? WakeSome(int space, string tenant, long cursor, int limit, DateTimeOffset now)
    {
        if (SpaceQueries.Find(connection, space) is not { State: not VectorSpaceState.Retired })
            return null;
        var (kind, woken) = (DueKinds.EmbedEntity(space), 0);
        using var rows = connection.Prepared(NextSql).Bind(1, tenant).Bind(2, cursor).Bind(3, limit).Query();
        for (; rows.Next(); woken++)
        {
            cursor = rows.Int64(0);
            transaction.Due.Wake(tenant, kind, rows.Text(1), now, now);
        }

        return woken == limit ? cursor : null;
    }

    /// <summary>Removes some vectors of a space; false when it had none left.</summary>
    public bool RemoveSome(int space, int limit)
    {
        connection.Prepared(EraseOfSpaceSql).Bind(1, space).Bind(2, limit).Run();
        return connection.Prepared(RemoveOfSpaceSql).Bind(1, space).Bind(2, limit).Run() > 0;
    }

    private long? Find(string tenant, EntityVector vector)
    {
        using var rows = connection.Prepared(FindSql).Bind(1, tenant).Bind(2, vector.EntityId).Bind(3, vector.Change).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }
}
