using MemoryOrleans.Recall.Vectors;
using Pgvector;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>Reads rows of a document's id, its number in its feed, and its vector.</summary>
internal static class StoredDocumentVectors
{
    public static async Task<List<StoredDocumentVector>> ReadAsync(TenantRows rows, string[] ids, CancellationToken cancel)
    {
        var found = new List<StoredDocumentVector>(ids.Length);
        while (await rows.ReadAsync(cancel))
        {
            var vector = HalfVectors.ToFloats(rows.GetFieldValue<HalfVector>(2));
            found.Add(new StoredDocumentVector(rows.GetString(0), rows.GetInt64(1), vector));
        }

        return found;
    }
}
