using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>Vectors of an index of documents (memories, entities), one of each. Told apart by the document's newest change.</summary>
public abstract class DocumentVectors(SpaceBook book, string model) : IndexVectors
{
    private const int DocumentsPerRead = 1_000;

    public override VectorSpace? Space => book.Active is { } active && active.Model == model ? active : null;

    internal override async Task FillAsync(IndexPartition partition, VectorSpace space)
    {
        var tenant = partition.Snapshot.Key.Tenant;
        partition.KeepVectorsOf(space);
        foreach (var slice in partition.ListDocumentsWithoutVectors().ToArray().Chunk(DocumentsPerRead))
        {
            var wanted = slice.ToLookup(static each => each.SessionId, static each => each.Change, StringComparer.Ordinal);
            foreach (var found in await ReadAsync(space, tenant, [.. wanted.Select(static each => each.Key)]))
            {
                // Of a later version than the partition has, it is left for when it has that.
                if (wanted[found.Id].Contains(found.Change))
                    partition.Append(found.Id, new Dictionary<long, NeuralTurn> { [1] = NeuralTurn.Of(found.Vector, []) });
            }
        }

        partition.Publish(partition.Snapshot.Watermark);
    }

    private protected abstract ValueTask<IReadOnlyList<StoredDocumentVector>> ReadAsync(VectorSpace space, string tenant, string[] ids);
}
