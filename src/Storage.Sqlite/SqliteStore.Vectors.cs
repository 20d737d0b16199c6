using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Vectors of neural embedders. Searches are exact, one pass over the scope: meant for up to some 100,000 vectors.</content>
public sealed partial class SqliteStore
{
    private const int SessionsDroppedAtOnce = 20;
    private const int DocumentsDroppedAtOnce = 50;

    public ValueTask<IReadOnlyList<VectorSpace>> ListSpacesAsync(CancellationToken cancel) =>
        reads.ReadAsync(0, static (connection, _) => SpaceQueries.List(connection), cancel);

    public ValueTask<VectorSpace> OpenSpaceAsync(string model, int dimensions, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, VectorSpace.DimensionsMax);
        return WriteAsync(transaction => transaction.Spaces.Open(model, dimensions, now), cancel);
    }

    public ValueTask<bool> ActivateAsync(int spaceId, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Spaces.Activate(spaceId), cancel);

    /// <inheritdoc/>
    /// <remarks>In steps, so that commits need not wait for all of it.</remarks>
    public async ValueTask<bool> DropSpaceAsync(int spaceId, CancellationToken cancel)
    {
        if ((await ListSpacesAsync(cancel)).All(space => space.Id != spaceId || space.State != VectorSpaceState.Retired))
            return false;
        while (await WriteAsync(transaction => RemoveSome(transaction, spaceId), cancel, options.GroupTurnsMax))
            cancel.ThrowIfCancellationRequested();
        return true;
    }

    public ValueTask<long?> WakeSessionsAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.Spaces.WakeSessions(spaceId, tenant, cursor, limit, now), cancel, limit);

    public ValueTask<long> FindLastSeqAsync(VectorSpace space, string tenant, string sessionId, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant, sessionId), VectorQueries.FindLastSeq, cancel);

    public async ValueTask<bool> SaveAsync(
        VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        return vectors.Count == 0
            || await WriteOfAsync(
                tenant, transaction => transaction.Vectors.Save(space.Id, new SessionKey(tenant, sessionId), vectors), cancel,
                vectors.Count);
    }

    public ValueTask<IReadOnlyList<StoredVector>> ReadVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyList<TurnSpan> spans, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant, spans), VectorQueries.Read, cancel);

    public ValueTask<long> CountTurnsAsync(VectorSpace space, string? tenant, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant), VectorQueries.Count, cancel);

    public ValueTask<long?> WakeMemoriesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.MemoryVectors.WakeSome(spaceId, tenant, cursor, limit, now), cancel, limit);

    public async ValueTask<IReadOnlyList<string>> SaveMemoriesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        return vectors.Count == 0
            ? []
            : await WriteOfAsync(tenant, transaction => transaction.MemoryVectors.Save(space.Id, tenant, vectors), cancel, vectors.Count);
    }

    public ValueTask<IReadOnlyList<StoredDocumentVector>> ReadMemoryVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant, ids), DocumentVectorTable.Memories.Read, cancel);

    public ValueTask<DocumentVectorCount> CountMemoriesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant), MemoryVectorQueries.Count, cancel);

    public ValueTask<long?> WakeEntitiesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(transaction => transaction.EntityVectors.WakeSome(spaceId, tenant, cursor, limit, now), cancel, limit);

    public async ValueTask<IReadOnlyList<string>> SaveEntitiesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        return vectors.Count == 0
            ? []
            : await WriteOfAsync(tenant, transaction => transaction.EntityVectors.Save(space.Id, tenant, vectors), cancel, vectors.Count);
    }

    public ValueTask<IReadOnlyList<StoredDocumentVector>> ReadEntityVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant, ids), DocumentVectorTable.Entities.Read, cancel);

    public ValueTask<DocumentVectorCount> CountEntitiesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        reads.ReadAsync((space.Id, tenant), EntityVectorQueries.Count, cancel);

    /// <inheritdoc/>
    /// <remarks>Takes longer than other reads, so it runs beside the caller.</remarks>
    public async ValueTask<IReadOnlyList<VectorHit>> SearchAsync(
        VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
        CancellationToken cancel)
    {
        if (question.Length != space.Dimensions)
            throw new ArgumentException($"A question of space {space.Id} has {space.Dimensions} dimensions.", nameof(question));
        return await Task.Run(
            async () => await reads.ReadAsync((new VectorScope(space.Id, tenant, users), question, limit, cancel), VectorQueries.Search,
            cancel), cancel);
    }

    /// <inheritdoc/>
    /// <remarks>There are none here.</remarks>
    public ValueTask<IReadOnlyList<string>> TendIndexesAsync(CancellationToken cancel) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>False once nothing is left of the space.</summary>
    private static bool RemoveSome(WriteTransaction transaction, int spaceId)
    {
        transaction.NoteErasure();
        for (var sessions = 0; sessions < SessionsDroppedAtOnce; sessions++)
        {
            if (transaction.Vectors.RemoveSome(spaceId) || transaction.MemoryVectors.RemoveSome(spaceId, DocumentsDroppedAtOnce)
                || transaction.EntityVectors.RemoveSome(spaceId, DocumentsDroppedAtOnce))
                continue;
            transaction.Spaces.Drop(spaceId);
            return false;
        }

        return true;
    }
}
