using MemoryOrleans.Embeddings;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Graph;

/// <summary>
/// Makes the vectors of entities that are called or known for something new, each of its <see cref="EntityDocument.EncoderText"/>.
/// </summary>
/// <inheritdoc cref="DocumentEmbeddingHandler"/>
public sealed class EntityEmbeddingHandler(
    IGraphStore graph, IVectorStore vectors, ITextEmbedder embedder, SpaceBook book, TimeProvider clock, TimeSpan timeMax,
    Action<string>? saved = null) : DocumentEmbeddingHandler(embedder, book, clock, timeMax, saved)
{
    public override string KindPrefix => DueKinds.EmbedEntityPrefix;

    private protected override async ValueTask<IEnumerable<string>> FindEmbeddedAsync(
        VectorSpace space, string tenant, string[] ids, CancellationToken cancel) =>
        (await vectors.ReadEntityVectorsAsync(space, tenant, ids, cancel)).Select(static each => each.Id);

    private protected override async ValueTask<IEnumerable<DocumentText>> ReadAsync(
        string tenant, string[] ids, CancellationToken cancel) =>
        (await graph.ReadDocumentsAsync(tenant, ids, cancel))
            .Select(static each => new DocumentText(each.Turn.SessionId, each.Change, EntityDocument.EncoderText(each)));

    private protected override ValueTask<IReadOnlyList<string>> SaveAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> made, CancellationToken cancel) =>
        vectors.SaveEntitiesAsync(space, tenant, made, cancel);
}
