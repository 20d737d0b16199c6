using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Vectors, each in its tenant's database. The spaces are the home database's, and every other one follows it.</content>
public sealed partial class RoutedStore
{
    public ValueTask<IReadOnlyList<VectorSpace>> ListSpacesAsync(CancellationToken cancel) => home.Store.ListSpacesAsync(cancel);

    public async ValueTask<VectorSpace> OpenSpaceAsync(string model, int dimensions, DateTimeOffset now, CancellationToken cancel)
    {
        // One that does not answer may have tenants.
        var others = await Task.WhenAll(databases.Where(each => each != home)
            .Select(each => each.TryAskAsync(static (store, token) => store.HasTenantsToFillAsync(token).AsTask(), cancel)));
        var othersFill = others.Any(static each => !each.IsAnswered || each.Answer);
        var space = await home.Store.OpenSpaceAsync(model, dimensions, othersFill, now, cancel);
        await FollowSpacesAsync(cancel);
        return space;
    }

    public async ValueTask<bool> ActivateAsync(int spaceId, CancellationToken cancel)
    {
        var isActive = await home.Store.ActivateAsync(spaceId, cancel);
        await FollowSpacesAsync(cancel);
        return isActive;
    }

    public async ValueTask<bool> DropSpaceAsync(int spaceId, CancellationToken cancel)
    {
        var isDropped = await home.Store.DropSpaceAsync(spaceId, cancel);
        await FollowSpacesAsync(cancel);
        return isDropped;
    }

    public async ValueTask<long> CountTurnsAsync(VectorSpace space, string? tenant, CancellationToken cancel) => tenant is null
        ? (await AskEachAsync((store, token) => store.CountTurnsAsync(space, null, token).AsTask(), cancel)).Sum()
        : await (await ToReadAsync(tenant, cancel)).CountTurnsAsync(space, tenant, cancel);

    public async ValueTask<IReadOnlyList<string>> TendIndexesAsync(CancellationToken cancel) =>
        [.. (await AskEachAsync(static (store, token) => store.TendIndexesAsync(token).AsTask(), cancel)).SelectMany(static each => each)];

    public async ValueTask<long?> WakeSessionsAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).WakeSessionsAsync(spaceId, tenant, cursor, limit, now, cancel);

    public async ValueTask<long> FindLastSeqAsync(VectorSpace space, string tenant, string sessionId, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindLastSeqAsync(space, tenant, sessionId, cancel);

    public async ValueTask<bool> SaveAsync(
         VectorSpace space, string tenant, string sessionId, IReadOnlyList<TurnVector> vectors, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveAsync(space, tenant, sessionId, vectors, cancel);

    public async ValueTask<IReadOnlyList<StoredVector>> ReadVectorsAsync(
         VectorSpace space, string tenant, IReadOnlyList<TurnSpan> spans, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadVectorsAsync(space, tenant, spans, cancel);

    public async ValueTask<long?> WakeMemoriesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).WakeMemoriesAsync(spaceId, tenant, cursor, limit, now, cancel);

    public async ValueTask<IReadOnlyList<string>> SaveMemoriesAsync(
         VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveMemoriesAsync(space, tenant, vectors, cancel);

    public async ValueTask<IReadOnlyList<StoredDocumentVector>> ReadMemoryVectorsAsync(
         VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadMemoryVectorsAsync(space, tenant, ids, cancel);

    public async ValueTask<DocumentVectorCount> CountMemoriesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).CountMemoriesAsync(space, tenant, cancel);

    public async ValueTask<long?> WakeEntitiesAsync(
        int spaceId, string tenant, long cursor, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).WakeEntitiesAsync(spaceId, tenant, cursor, limit, now, cancel);

    public async ValueTask<IReadOnlyList<string>> SaveEntitiesAsync(
         VectorSpace space, string tenant, IReadOnlyList<DocumentVector> vectors, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveEntitiesAsync(space, tenant, vectors, cancel);

    public async ValueTask<IReadOnlyList<StoredDocumentVector>> ReadEntityVectorsAsync(
         VectorSpace space, string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadEntityVectorsAsync(space, tenant, ids, cancel);

    public async ValueTask<DocumentVectorCount> CountEntitiesAsync(VectorSpace space, string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).CountEntitiesAsync(space, tenant, cancel);

    public async ValueTask<IReadOnlyList<VectorHit>> SearchAsync(
         VectorSpace space, string tenant, IReadOnlyList<string?>? users, ReadOnlyMemory<float> question, int limit,
         CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).SearchAsync(space, tenant, users, question, limit, cancel);
}
