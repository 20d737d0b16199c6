using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Graph;

/// <summary>
/// The way of an encoder's vectors of entities from the store into their index: one of each, of what it is called and known for now. Due
/// work makes them, in whatever process; until then an entity has its static vector in their place.
/// </summary>
/// <param name="model">The encoder's; vectors of another model's space are of another model.</param>
public sealed class EntityVectors(IVectorStore vectors, SpaceBook book, string model) : DocumentVectors(book, model)
{
    private protected override ValueTask<IReadOnlyList<StoredDocumentVector>> ReadAsync(VectorSpace space, string tenant, string[] ids) =>
        vectors.ReadEntityVectorsAsync(space, tenant, ids, CancellationToken.None);
}
