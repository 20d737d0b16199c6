using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// The way of an encoder's vectors of memories from the store into their recall index: one of each, of its current text. Due work
/// makes them, in whatever process; until then a memory has its static vector in their place.
/// </summary>
/// <param name="model">The encoder's; vectors of another model's space are of another model.</param>
public sealed class MemoryVectors(IVectorStore vectors, SpaceBook book, string model) : IndexVectors
{
    private const int MemoriesPerRead = 1_000;

    public override VectorSpace? Space => book.Active is { } active && active.Model == model ? active : null;

    internal override async Task FillAsync(IndexPartition partition, VectorSpace space)
    {
        var tenant = partition.Snapshot.Key.Tenant;
        partition.KeepVectorsOf(space);
        foreach (var slice in partition.ListDocumentsWithoutVectors().ToArray().Chunk(MemoriesPerRead))
        {
            var wanted = slice.ToLookup(static each => each.SessionId, static each => each.Change, StringComparer.Ordinal);
            string[] ids = [.. wanted.Select(static each => each.Key)];
            foreach (var found in await vectors.ReadMemoryVectorsAsync(space, tenant, ids, CancellationToken.None))
            {
                // Of a later version than the partition has, it is left for when it has that.
                if (wanted[found.MemoryId].Contains(found.Change))
                    partition.Append(found.MemoryId, new Dictionary<long, NeuralTurn> { [1] = NeuralTurn.Of(found.Vector, []) });
            }
        }

        partition.Publish(partition.Snapshot.Watermark);
    }
}
