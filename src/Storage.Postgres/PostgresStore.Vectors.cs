using MemoryOrleans.Recall.Vectors;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Vectors of neural embedders.</content>
public sealed partial class PostgresStore
{
    public ValueTask<IReadOnlyList<VectorSpace>> ListSpacesAsync(CancellationToken cancel) => spaces.ListAsync(cancel);

    /// <inheritdoc/>
    /// <exception cref="StoreServerUnfitException">pgvector is missing or too old.</exception>
    public ValueTask<VectorSpace> OpenSpaceAsync(string model, int dimensions, DateTimeOffset now, CancellationToken cancel) =>
        OpenSpaceAsync(model, dimensions, othersFill: false, now, cancel);

    /// <param name="othersFill">True when the space has to be filled elsewhere, should there be nothing here.</param>
    internal ValueTask<VectorSpace> OpenSpaceAsync(
        string model, int dimensions, bool othersFill, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, VectorSpace.DimensionsMax);
        return spaces.OpenAsync(model, dimensions, othersFill, now, cancel);
    }

    /// <summary>Whether a space would have anything to be filled with.</summary>
    internal ValueTask<bool> HasTenantsToFillAsync(CancellationToken cancel) => spaces.AnyTenantAsync(cancel);

    public ValueTask<bool> ActivateAsync(int spaceId, CancellationToken cancel) => spaces.ActivateAsync(spaceId, cancel);

    public ValueTask<bool> DropSpaceAsync(int spaceId, CancellationToken cancel) => spaces.DropAsync(spaceId, cancel);

    public ValueTask<long?> WakeSessionsAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(FillQueries.WakeSessions, tenant, (spaceId, cursor, limit, Timestamp.Of(now)), cancel);

    public ValueTask<long> FindLastSeqAsync(VectorSpace space, string tenant, string sessionId, CancellationToken cancel) =>
        OfSpaceAsync(() => reads.ReadPlainAsync(VectorQueries.Of(space).LastSeq, tenant, sessionId, cancel), 0);

    public async ValueTask<bool> SaveAsync(
        VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        if (vectors.Count == 0)
            return true;
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync(
            () => reads.UseAsync((connection, token) => SaveVectors.RunAsync(connection, space, tenant, sessionId, vectors, token), cancel),
            otherwise: true);
    }

    public async ValueTask<IReadOnlyList<StoredVector>> ReadVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyList<TurnSpan> spans, CancellationToken cancel)
    {
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync<IReadOnlyList<StoredVector>>(
            async () => await reads.ReadPlainAsync(VectorQueries.Of(space).Read, tenant, spans, cancel), []);
    }

    public ValueTask<long> CountTurnsAsync(VectorSpace space, string? tenant, CancellationToken cancel) => OfSpaceAsync(
        async () => tenant is null
            ? await worker.RunAsWorkerAsync(new NpgsqlBatchCommand(VectorQueries.CountAllSql(space)), VectorQueries.ReadCountAsync, cancel)
            : await reads.ReadPlainAsync(VectorQueries.Of(space).Count, tenant, tenant, cancel),
        0);

    public ValueTask<long?> WakeMemoriesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(FillQueries.WakeMemories, tenant, (spaceId, cursor, limit, Timestamp.Of(now)), cancel);

    public async ValueTask<IReadOnlyList<string>> SaveMemoriesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        if (vectors.Count == 0)
            return [];
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync(
            () => reads.UseAsync(
                (connection, token) => SaveDocumentVectors.OfMemoriesAsync(connection, space, tenant, vectors, token), cancel), []);
    }

    public async ValueTask<IReadOnlyList<StoredDocumentVector>> ReadMemoryVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync<IReadOnlyList<StoredDocumentVector>>(
            async () => await reads.ReadPlainAsync(MemoryVectorQueries.Of(space).Read, tenant, ids.ToArray(), cancel), []);
    }

    public ValueTask<DocumentVectorCount> CountMemoriesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        OfSpaceAsync(() => reads.ReadPlainAsync(MemoryVectorQueries.Of(space).Count, tenant, tenant, cancel), default);

    public ValueTask<long?> WakeEntitiesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        reads.WriteAsync(FillQueries.WakeEntities, tenant, (spaceId, cursor, limit, Timestamp.Of(now)), cancel);

    public async ValueTask<IReadOnlyList<string>> SaveEntitiesAsync(
        VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel)
    {
        space.Require(vectors.Select(static each => each.Vector));
        if (vectors.Count == 0)
            return [];
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync(
            () => reads.UseAsync(
                (connection, token) => SaveDocumentVectors.OfEntitiesAsync(connection, space, tenant, vectors, token), cancel), []);
    }

    public async ValueTask<IReadOnlyList<StoredDocumentVector>> ReadEntityVectorsAsync(
        VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync<IReadOnlyList<StoredDocumentVector>>(
            async () => await reads.ReadPlainAsync(EntityVectorQueries.Of(space).Read, tenant, ids.ToArray(), cancel), []);
    }

    public ValueTask<DocumentVectorCount> CountEntitiesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        OfSpaceAsync(() => reads.ReadPlainAsync(EntityVectorQueries.Of(space).Count, tenant, tenant, cancel), default);

    public async ValueTask<IReadOnlyList<VectorHit>> SearchAsync(
        VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
        CancellationToken cancel)
    {
        if (question.Length != space.Dimensions)
            throw new ArgumentException($"A question of space {space.Id} has {space.Dimensions} dimensions.", nameof(question));
        if (limit < 1 || users is { Count: 0 })
            return [];
        await extension.LoadTypesAsync(cancel);
        return await OfSpaceAsync(async () => await search.RunAsync(space, tenant, users, question, limit, cancel), []);
    }

    public async ValueTask<IReadOnlyList<string>> TendIndexesAsync(CancellationToken cancel) =>
        await new TendIndexes(options, worker, clock).RunAsync(await spaces.ListAsync(cancel), cancel);

    /// <summary>Runs a query of a space's own table; a space that another process dropped meanwhile holds nothing.</summary>
    private static async ValueTask<T> OfSpaceAsync<T>(Func<ValueTask<T>> query, T otherwise)
    {
        try
        {
            return await query();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return otherwise;
        }
    }
}
