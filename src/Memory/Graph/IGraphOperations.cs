using MemoryOrleans.Memories;

namespace MemoryOrleans.Graph;

/// <summary>A tenant's knowledge graph; what each call does is said at <see cref="KnowledgeGraph"/>.</summary>
public interface IGraphOperations
{
    Task<Outcome<EntityUpsert>> UpsertEntityAsync(string tenant, EntityDraft draft, CancellationToken cancel);

    Task<Outcome<Entity>> EditEntityAsync(string tenant, string id, EntityEdit edit, long? ifMatch, CancellationToken cancel);

    Task<Outcome<GraphReceipt>> DeleteEntityAsync(string tenant, string id, long? ifMatch, CancellationToken cancel);

    Task<Outcome<EntityView>> GetEntityAsync(string tenant, string id, AsOf? asOf, CancellationToken cancel);

    Task<Outcome<Page<Entity>>> ListEntitiesAsync(string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel);

    Task<Outcome<IReadOnlyList<ObservationUpsert>>> AddObservationsAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, CancellationToken cancel);

    Task<Outcome<Observation>> DeleteObservationAsync(string tenant, string id, CancellationToken cancel);

    Task<Outcome<RelationUpsert>> AddRelationAsync(string tenant, RelationDraft draft, CancellationToken cancel);

    Task<Outcome<Relation>> EditRelationAsync(string tenant, string id, RelationEdit edit, long? ifMatch, CancellationToken cancel);

    Task<Outcome<Relation>> DeleteRelationAsync(string tenant, string id, long? ifMatch, CancellationToken cancel);

    Task<Outcome<GraphPath>> FindPathAsync(string tenant, string fromId, string toId, int hopsMax, AsOf? asOf, CancellationToken cancel);

    Task<Outcome<GraphOverview>> GetOverviewAsync(string tenant, CancellationToken cancel);
}
