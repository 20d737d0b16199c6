using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Sqlite;

/// <summary>Writes and erases vectors of documents (memories, entities), inside the committer's transaction.</summary>
/// <param name="table">Where the vectors are.</param>
internal abstract class DocumentVectorWrites(WriteTransaction transaction, DocumentVectorTable table)
{
    protected WriteTransaction Transaction { get; } = transaction;

    protected Connection Connection => Transaction.Connection;

    /// <summary>The ids of documents that are gone or of another version by now.</summary>
    public IReadOnlyList<string> Save(int space, string tenant, IReadOnlyList<DocumentVector> vectors)
    {
        if (SpaceQueries.Find(Connection, space) is null)
            return [];
        var changed = new List<string>();
        foreach (var vector in vectors)
        {
            if (Find(tenant, vector) is { } key)
                Connection.Prepared(table.SaveSql).Bind(1, key).Bind(2, space).Bind(3, HalfVector.Encode(vector.Vector)).Run();
            else
                changed.Add(vector.Id);
        }

        return changed;
    }

    public void Erase(long documentKey) => Connection.Prepared(table.EraseSql).Bind(1, documentKey).Run();

    /// <summary>Removes some vectors of a space; false when it had none left.</summary>
    public bool RemoveSome(int space, int limit)
    {
        Connection.Prepared(table.EraseOfSpaceSql).Bind(1, space).Bind(2, limit).Run();
        return Connection.Prepared(table.RemoveOfSpaceSql).Bind(1, space).Bind(2, limit).Run() > 0;
    }

    private long? Find(string tenant, DocumentVector vector)
    {
        using var rows = Connection.Prepared(table.FindSql).Bind(1, tenant).Bind(2, vector.Id).Bind(3, vector.Version).Query();
        return rows.Next() ? rows.Int64(0) : null;
    }
}
