using MemoryOrleans.Graph;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Engine;

/// <summary>The knowledge graph as the host offers it: changes and reads over the store, search over an index of its own.</summary>
internal sealed class GraphOperations(KnowledgeGraph graph, EntitySearch search) : IGraphOperations
{
    public Task<Outcome<EntityUpsert>> UpsertEntityAsync(string tenant, EntityDraft draft, CancellationToken cancel) =>
        graph.UpsertEntityAsync(tenant, draft, cancel);

    public Task<Outcome<Entity>> EditEntityAsync(string tenant, string id, EntityEdit edit, long? ifMatch, CancellationToken cancel) =>
        graph.EditEntityAsync(tenant, id, edit, ifMatch, cancel);

    public Task<Outcome<GraphReceipt>> DeleteEntityAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        graph.DeleteEntityAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<EntityView>> GetEntityAsync(string tenant, string id, AsOf? asOf, CancellationToken cancel) =>
        graph.GetEntityAsync(tenant, id, asOf, cancel);

    public Task<Outcome<Page<Entity>>> ListEntitiesAsync(string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        graph.ListEntitiesAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<EntitySearchResult>> SearchEntitiesAsync(EntityQuery query, CancellationToken cancel) => search.SearchAsync(query, cancel);

    public Task<Outcome<IReadOnlyList<ObservationUpsert>>> AddObservationsAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, CancellationToken cancel) => graph.AddObservationsAsync(tenant, drafts, cancel);

    public Task<Outcome<Observation>> DeleteObservationAsync(string tenant, string id, CancellationToken cancel) =>
        graph.DeleteObservationAsync(tenant, id, cancel);

    public Task<Outcome<RelationUpsert>> AddRelationAsync(string tenant, RelationDraft draft, CancellationToken cancel) =>
        graph.AddRelationAsync(tenant, draft, cancel);

    public Task<Outcome<Relation>> EditRelationAsync(string tenant, string id, RelationEdit edit, long? ifMatch, CancellationToken cancel) =>
        graph.EditRelationAsync(tenant, id, edit, ifMatch, cancel);

    public Task<Outcome<Relation>> DeleteRelationAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        graph.DeleteRelationAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<GraphPath>> FindPathAsync(string tenant, string fromId, string toId, int hopsMax, AsOf? asOf, CancellationToken cancel) =>
        graph.FindPathAsync(tenant, fromId, toId, hopsMax, asOf, cancel);

    public Task<Outcome<GraphOverview>> GetOverviewAsync(string tenant, CancellationToken cancel) => graph.GetOverviewAsync(tenant, cancel);
}
