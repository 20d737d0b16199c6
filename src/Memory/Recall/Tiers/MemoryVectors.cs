using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// The way of an encoder's vectors of memories from the store into their recall index: one of each, of its current text. Due work
/// makes them, in whatever process; until then a memory has its static vector in their place.
/// </summary>
/// <param name="model">The encoder's; vectors of another model's space are of another model.</param>
public sealed class MemoryVectors(IVectorStore vectors, SpaceBook book, string model) : DocumentVectors(book, model)
{
    private protected override ValueTask<IReadOnlyList<StoredDocumentVector>> ReadAsync(VectorSpace space, string tenant, string[] ids) =>
        vectors.ReadMemoryVectorsAsync(space, tenant, ids, CancellationToken.None);
}
