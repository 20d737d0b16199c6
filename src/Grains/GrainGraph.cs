using MemoryOrleans.Graph;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Grains;

/// <summary>Entities are searched where their index is warm; the rest of the graph is versioned in the store, wherever it is done.</summary>
internal sealed class GrainGraph(IGraphOperations local, IGrainFactory grains, GrainCalls calls) : IGraphOperations
{
    public Task<Outcome<EntitySearchResult>> SearchEntitiesAsync(EntityQuery query, CancellationToken cancel)
    {
        CallContext.Tenant = query.Tenant;
        var grain = grains.GetGrain<IRecallGrain>(GrainKeys.OfScope(query.Tenant, query.UserId));
        return calls.RunAsync((_, each) => grain.SearchEntitiesAsync(query, each), cancel);
    }

    public Task<Outcome<EntityUpsert>> UpsertEntityAsync(string tenant, EntityDraft draft, CancellationToken cancel) =>
        local.UpsertEntityAsync(tenant, draft, cancel);

    public Task<Outcome<Entity>> EditEntityAsync(string tenant, string id, EntityEdit edit, long? ifMatch, CancellationToken cancel) =>
        local.EditEntityAsync(tenant, id, edit, ifMatch, cancel);

    public Task<Outcome<GraphReceipt>> DeleteEntityAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        local.DeleteEntityAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<EntityView>> GetEntityAsync(string tenant, string id, AsOf? asOf, CancellationToken cancel) =>
        local.GetEntityAsync(tenant, id, asOf, cancel);

    public Task<Outcome<Page<Entity>>> ListEntitiesAsync(string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        local.ListEntitiesAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<IReadOnlyList<ObservationUpsert>>> AddObservationsAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, CancellationToken cancel) => local.AddObservationsAsync(tenant, drafts, cancel);

    public Task<Outcome<Observation>> DeleteObservationAsync(string tenant, string id, CancellationToken cancel) =>
        local.DeleteObservationAsync(tenant, id, cancel);

    public Task<Outcome<RelationUpsert>> AddRelationAsync(string tenant, RelationDraft draft, CancellationToken cancel) =>
        local.AddRelationAsync(tenant, draft, cancel);

    public Task<Outcome<Relation>> EditRelationAsync(string tenant, string id, RelationEdit edit, long? ifMatch, CancellationToken cancel) =>
        local.EditRelationAsync(tenant, id, edit, ifMatch, cancel);

    public Task<Outcome<Relation>> DeleteRelationAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        local.DeleteRelationAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<GraphPath>> FindPathAsync(string tenant, string fromId, string toId, int hopsMax, AsOf? asOf, CancellationToken cancel) =>
        local.FindPathAsync(tenant, fromId, toId, hopsMax, asOf, cancel);

    public Task<Outcome<GraphOverview>> GetOverviewAsync(string tenant, CancellationToken cancel) => local.GetOverviewAsync(tenant, cancel);
}
