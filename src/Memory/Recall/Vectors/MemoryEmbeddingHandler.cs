using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>Makes the vectors of memories whose text is new, each of its content.</summary>
/// <inheritdoc cref="DocumentEmbeddingHandler"/>
public sealed class MemoryEmbeddingHandler(
    IMemoryStore memories, IVectorStore vectors, ITextEmbedder embedder, SpaceBook book, TimeProvider clock, TimeSpan timeMax,
    Action<string>? saved = null) : DocumentEmbeddingHandler(embedder, book, clock, timeMax, saved)
{
    public override string KindPrefix => DueKinds.EmbedMemoryPrefix;

    private protected override async ValueTask<IEnumerable<string>> FindEmbeddedAsync(
        VectorSpace space, string tenant, string[] ids, CancellationToken cancel) =>
        (await vectors.ReadMemoryVectorsAsync(space, tenant, ids, cancel)).Select(static each => each.Id);

    private protected override async ValueTask<IEnumerable<DocumentText>> ReadAsync(
        string tenant, string[] ids, CancellationToken cancel) =>
        (await memories.FindMemoriesAsync(tenant, ids, cancel))
            .Where(static each => MemoryDocument.IsRecallable(each.Status))
            .Select(static each => new DocumentText(each.Id, each.Version, each.Content));

    private protected override ValueTask<IReadOnlyList<string>> SaveAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> made, CancellationToken cancel) =>
        vectors.SaveMemoriesAsync(space, tenant, made, cancel);
}
