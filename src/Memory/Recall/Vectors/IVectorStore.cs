namespace MemoryOrleans.Recall.Vectors;

/// <summary>
/// Port of the vectors that neural embedders make. While a space is filling or active, every commit of turns wakes
/// <c>embed:SPACE</c> for its session in its own transaction, every commit that gives a memory that recall may find another text
/// wakes <c>embed_memory:SPACE</c> for it, and every commit that changes an entity or its observations <c>embed_entity:SPACE</c>.
/// Deleting a session deletes its vectors and its due work; a memory's or entity's vectors go in the commit that changes or erases its
/// text, or makes recall not find it.
/// Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IVectorStore
{
    /// <summary>All spaces, oldest first.</summary>
    ValueTask<IReadOnlyList<VectorSpace>> ListSpacesAsync(CancellationToken cancel);

    /// <summary>
    /// The space of a model and dimensions, made when there is none (or only a retired one): active when no other is active
    /// and nothing was stored before, else filling, with <c>fill:SPACE</c> woken for every tenant. Safe in several processes at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Dimensions are not 1..4,000.</exception>
    ValueTask<VectorSpace> OpenSpaceAsync(string model, int dimensions, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Makes a space the active one and retires the one that was; false when it is not there or retired, for it has missed turns.
    /// </summary>
    ValueTask<bool> ActivateAsync(int spaceId, CancellationToken cancel);

    /// <summary>Removes a retired space with its vectors and due work; false when it is not there or not retired.</summary>
    ValueTask<bool> DropSpaceAsync(int spaceId, CancellationToken cancel);

    /// <summary>
    /// Wakes <c>embed:SPACE</c> for the next sessions of a tenant after <paramref name="cursor"/> (0: from the first), at most
    /// <paramref name="limit"/>; the new cursor, or null when that was all.
    /// </summary>
    ValueTask<long?> WakeSessionsAsync(int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// The greatest seq of the session's turns that has a vector, 0 when none has: where embedding goes on when the due work
    /// that knew it was finished and removed.
    /// </summary>
    ValueTask<long> FindLastSeqAsync(VectorSpace space, string tenant, string sessionId, CancellationToken cancel);

    /// <summary>
    /// Stores vectors of a session's turns, replacing those the turns had; vectors of turns that are gone, and of a space that
    /// is, are left out. An erasure of turns takes the vectors of the turns after them along and wakes <c>embed:SPACE</c> for those.
    /// </summary>
    /// <returns>False when a vector holds text of a turn that was erased since (<see cref="TurnVector.HoldsPrevious"/>): nothing was
    /// stored.</returns>
    /// <exception cref="ArgumentException">A vector has other dimensions than the space.</exception>
    ValueTask<bool> SaveAsync(
        VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel);

    /// <summary>The vectors of these turns, as many as they have: those of a turn together, its pieces in order.</summary>
    ValueTask<IReadOnlyList<StoredVector>> ReadVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyList<TurnSpan> spans, CancellationToken cancel);

    /// <summary>How many turns of the tenant (null: of all) have vectors in the space.</summary>
    ValueTask<long> CountTurnsAsync(VectorSpace space, string? tenant, CancellationToken cancel);

    /// <summary>
    /// Wakes <c>embed_memory:SPACE</c> for the next memories of a tenant that recall may find, after <paramref name="cursor"/>
    /// (0: from the first), of at most <paramref name="limit"/> looked at; the new cursor, or null when that was all.
    /// </summary>
    ValueTask<long?> WakeMemoriesAsync(int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Stores vectors of memories, replacing those they had. A space that is gone takes none, and says that it did.</summary>
    /// <returns>The ids of memories whose version is another one by now: of them nothing was stored.</returns>
    /// <exception cref="ArgumentException">A vector has other dimensions than the space.</exception>
    ValueTask<IReadOnlyList<string>> SaveMemoriesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel);

    /// <summary>The vectors of those of the memories that have one, in no particular order.</summary>
    ValueTask<IReadOnlyList<StoredDocumentVector>> ReadMemoryVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>The memories of a tenant that recall may find, and how many of them have a vector in the space.</summary>
    ValueTask<DocumentVectorCount> CountMemoriesAsync(VectorSpace space, string tenant, CancellationToken cancel);

    /// <summary>
    /// Wakes <c>embed_entity:SPACE</c> for the next entities of a tenant after <paramref name="cursor"/> (0: from the first), at most
    /// <paramref name="limit"/>; the new cursor, or null when that was all.
    /// </summary>
    ValueTask<long?> WakeEntitiesAsync(int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Stores vectors of entities, replacing those they had. A space that is gone takes none, and says that it did.</summary>
    /// <returns>The ids of entities that are gone or were changed since: of them nothing was stored.</returns>
    /// <exception cref="ArgumentException">A vector has other dimensions than the space.</exception>
    ValueTask<IReadOnlyList<string>> SaveEntitiesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel);

    /// <summary>The vectors of those of the entities that have one, in no particular order.</summary>
    ValueTask<IReadOnlyList<StoredDocumentVector>> ReadEntityVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>The entities of a tenant, and how many of them have a vector in the space.</summary>
    ValueTask<DocumentVectorCount> CountEntitiesAsync(VectorSpace space, string tenant, CancellationToken cancel);

    /// <summary>
    /// The turns nearest to a vector, best first, at most <paramref name="limit"/>: exactly in small scopes, approximately
    /// where a scope has outgrown that.
    /// </summary>
    /// <param name="users">The partitions searched (null stands for the sessions without a user); null: the whole tenant.</param>
    /// <param name="question">L2-normalised, of the space's dimensions.</param>
    ValueTask<IReadOnlyList<VectorHit>> SearchAsync(
        VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
        CancellationToken cancel);

    /// <summary>
    /// Builds approximate indexes for scopes that have outgrown exact search, and drops those of scopes that shrank. Takes as
    /// long as it takes; one process at a time does it, others return at once. What it did, a sentence each.
    /// </summary>
    ValueTask<IReadOnlyList<string>> TendIndexesAsync(CancellationToken cancel);
}
