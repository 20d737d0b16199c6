using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Memories and the knowledge graph, each in its tenant's database.</content>
public sealed partial class RoutedStore
{
    public IRecallFeed MemoryFeed { get; }

    public IRecallFeed Documents { get; }

    public async Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now)
    {
        try
        {
            return await (await ToWriteAsync(tenant, CancellationToken.None)).DeleteEntityAsync(tenant, id, expectedVersion, now);
        }
        catch (StoreUnavailableException)
        {
            return (CommitStatus.Unavailable, null);
        }
    }

    public async ValueTask<ScopeHeads> ReadHeadsAsync(
        string tenant, IReadOnlyList<PartitionKey>? turns, IReadOnlyList<PartitionKey>? memories, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadHeadsAsync(tenant, turns, memories, cancel);

    public async ValueTask<(IReadOnlyList<Turn> Turns, IReadOnlyList<MemoryRecord> Memories)> ReadTurnsAndKeysAsync(
        string tenant, IReadOnlyList<TurnAddress> turns, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadTurnsAndKeysAsync(tenant, turns, userId, keys, cancel);

    public async ValueTask<MemoryRecord?> FindMemoryAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindMemoryAsync(tenant, id, cancel);

    public async ValueTask<IReadOnlyList<MemoryRecord>> FindMemoriesAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindMemoriesAsync(tenant, ids, cancel);

    public async ValueTask<IReadOnlyList<MemoryRecord>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadHistoryAsync(tenant, id, cancel);

    public async ValueTask<IReadOnlyList<MemoryRecord>> ReadOperationAsync(string tenant, string operation, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadOperationAsync(tenant, operation, cancel);

    public async ValueTask<Outcome<Page<MemoryRecord>>> ListMemoriesAsync(
         string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListMemoriesAsync(tenant, filter, cursor, limit, cancel);

    public async ValueTask<IReadOnlyList<MemoryRecord>> FindByKeysAsync(
         string tenant, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindByKeysAsync(tenant, userId, keys, cancel);

    public async ValueTask<OwnerVersion> FindOwnerVersionAsync(string tenant, string? userId, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindOwnerVersionAsync(tenant, userId, cancel);

    public async ValueTask<IReadOnlyList<MemoryRecord>> FindCitingAsync(
         string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindCitingAsync(tenant, sessionId, afterId, limit, cancel);

    public async ValueTask<long> FindDistilledAsync(SessionKey key, CancellationToken cancel) =>
        await (await ToReadAsync(key.Tenant, cancel)).FindDistilledAsync(key, cancel);

    public Task<CommitStatus> CommitMemoriesAsync(MemoryCommit commit, CancellationToken cancel) =>
        CommitInAsync(commit.Tenant, store => store.CommitMemoriesAsync(commit, cancel), cancel);

    public async Task SaveSalienceAsync(string tenant, IReadOnlyList<SalienceUpdate> updates, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveSalienceAsync(tenant, updates, cancel);

    public async ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindEntityAsync(tenant, id, cancel);

    public async ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindEntityByNameAsync(tenant, scope, name, cancel);

    public async ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindEntitiesAsync(tenant, ids, cancel);

    public async ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadDocumentsAsync(tenant, ids, cancel);

    public async ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
         string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListEntitiesAsync(tenant, filter, cursor, limit, cancel);

    public async ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
         string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadObservationsAsync(tenant, entityIds, at, perEntityMax, cancel);

    public async ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindObservationAsync(tenant, id, cancel);

    public async ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
         string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindObservationsCitingAsync(tenant, sessionId, afterId, limit, cancel);

    public async ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindSaidAsync(tenant, entityId, content, cancel);

    public async ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindRelationAsync(tenant, id, cancel);

    public async ValueTask<Relation?> FindOpenRelationAsync(
        string tenant, string fromId, string toId, string type, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindOpenRelationAsync(tenant, fromId, toId, type, cancel);

    public async ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
         string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadRelationsAsync(tenant, queries, at, perEntityMax, cancel);

    public async ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).SummarizeGraphAsync(tenant, connectedMax, typesMax, cancel);

    public Task<CommitStatus> CommitGraphAsync(GraphCommit commit) =>
        CommitInAsync(commit.Tenant, store => store.CommitGraphAsync(commit));
}
