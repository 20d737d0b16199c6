namespace MemoryOrleans.Recall.Vectors;

/// <summary>A vector space, and how far it is for one tenant; other tenants' counts are theirs.</summary>
/// <param name="TurnsEmbedded">Turns of the tenant with vectors in the space.</param>
/// <param name="Turns">Turns of the tenant in all.</param>
/// <param name="Ready">Works of the tenant still to be done for the space.</param>
/// <param name="Dead">Works that failed as often as they may.</param>
/// <param name="OldestDueAt">When the longest overdue of the ready works was due; null when none is ready.</param>
public sealed record SpaceProgress(
    VectorSpace Space, long TurnsEmbedded, long Turns, long Ready, long Dead, DateTimeOffset? OldestDueAt)
{
    /// <summary>
    /// Memories of the tenant that recall may find, and how many of them have vectors: none unless the embedder ranks in the index.
    /// </summary>
    public DocumentVectorCount Memories { get; init; }

    /// <summary>The same of the tenant's entities.</summary>
    public DocumentVectorCount Entities { get; init; }
}

/// <summary>What administrators do with neural embeddings. Spaces are the installation's, progress is the tenant's.</summary>
public interface IEmbeddingOperations
{
    /// <summary>All spaces, oldest first.</summary>
    Task<IReadOnlyList<SpaceProgress>> ListAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Begins to embed everything with a model, or goes on with it: the space that will be recall's once it is filled.
    /// Conflict while another model's is filled or without a neural embedder; InvalidInput on <c>model</c> when the embedder
    /// refuses it; EmbedderUnavailable when it does not answer.
    /// </summary>
    /// <param name="dimensions">Null: the model's own.</param>
    Task<Outcome<SpaceProgress>> StartAsync(string tenant, string model, int? dimensions, CancellationToken cancel);

    /// <summary>Makes a filling space recall's at once, filled or not. NotFound; Conflict when it is retired.</summary>
    Task<Outcome<SpaceProgress>> ActivateAsync(string tenant, int spaceId, CancellationToken cancel);

    /// <summary>Removes a retired space. NotFound; Conflict when it is not retired. The answer is the space as it was.</summary>
    Task<Outcome<VectorSpace>> DropAsync(int spaceId, CancellationToken cancel);
}
