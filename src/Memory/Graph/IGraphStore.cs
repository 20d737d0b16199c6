using MemoryOrleans.Feed;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>One step of a change to the graph; see <see cref="GraphCommit"/>.</summary>
public abstract record GraphWrite;

/// <summary>An entity's next version.</summary>
/// <param name="ExpectedVersion">The version it must have now; 0 when it must not exist. Id and scope never change.</param>
public sealed record EntityWrite(long ExpectedVersion, Entity After) : GraphWrite;

/// <summary>Adds an observation to an entity that must exist and must not have the same content as a current one already.</summary>
public sealed record ObservationAdded(Observation Observation) : GraphWrite;

/// <summary>Ends what we knew: the observation must be the entity's and current.</summary>
public sealed record ObservationSuperseded(string EntityId, string Id, string By, DateTimeOffset At) : GraphWrite;

/// <summary>Removes an observation that must exist, its text with it.</summary>
public sealed record ObservationErased(string EntityId, string Id) : GraphWrite;

/// <summary>
/// Adds a version of a relation between entities that must exist. No version of it may be current, and no other relation of
/// the same ends and type may be current and without an end.
/// </summary>
public sealed record RelationAdded(Relation Relation) : GraphWrite;

/// <summary>Ends what we knew: this version must be current.</summary>
public sealed record RelationSuperseded(string Id, long Version, string? By, DateTimeOffset At) : GraphWrite;

/// <summary>Removes all versions of a relation that must exist.</summary>
public sealed record RelationErased(string Id) : GraphWrite;

/// <summary>Changes to one tenant's graph, applied in order, whole or not at all.</summary>
public sealed record GraphCommit(string Tenant, IReadOnlyList<GraphWrite> Writes);

/// <summary>What a deletion took with it.</summary>
public sealed record GraphReceipt(string EntityId, int Observations, int Relations, DateTimeOffset DeletedAt);

/// <summary>Which entities a listing names; null fields do not restrict.</summary>
public sealed record EntityFilter(string? Type = null, string? UserId = null, string? AgentId = null);

/// <summary>An entity whose relations are wanted, from a place in their order on.</summary>
/// <param name="After">The <see cref="NeighbourPage.NextAfter"/> of the page before; 0 for the first.</param>
public readonly record struct NeighbourQuery(string EntityId, long After = 0);

/// <summary>Relations of one entity, both ways, in the order they were recorded.</summary>
/// <param name="NextAfter">Where the next page begins; null on the last.</param>
public sealed record NeighbourPage(string EntityId, IReadOnlyList<Relation> Relations, long? NextAfter);

/// <summary>A type and how many are of it.</summary>
public sealed record TypeCount(string Type, long Count);

/// <summary>An entity and how many relations without an end it has.</summary>
public sealed record ConnectedEntity(Entity Entity, long Relations);

/// <summary>How much a tenant's graph holds now.</summary>
/// <param name="Observations">Those that nothing has superseded; likewise relations.</param>
public sealed record GraphOverview(
    long Entities,
    long Observations,
    long Relations,
    IReadOnlyList<TypeCount> EntityTypes,
    IReadOnlyList<TypeCount> RelationTypes,
    IReadOnlyList<ConnectedEntity> MostConnected);

/// <summary>
/// Port of the knowledge graph. Reads see every acknowledged commit. Every method is bound to one tenant and never answers
/// with another's rows. Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IGraphStore
{
    /// <summary>
    /// The entities as documents for <see cref="RecallIndex"/>, partitioned by the scope's user: each change of an entity or
    /// its observations is a document of <see cref="EntityDocument"/>, a deleted entity a removal.
    /// </summary>
    IRecallFeed Documents { get; }

    ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel);

    ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel);

    /// <summary>Those that exist, in no particular order.</summary>
    ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>
    /// The documents of those of the entities that exist, as <see cref="Documents"/> has them now; in no particular order.
    /// </summary>
    ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>Most recently created first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Observations of each entity that hold at the moment, newest recorded first, at most so many of each.</summary>
    ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
        string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel);

    ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>
    /// Observations, current or not, that cite a turn of the session, in the order of their ids' bytes after <paramref name="afterId"/>.
    /// </summary>
    ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel);

    /// <summary>The entity's current observation of exactly this content.</summary>
    ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel);

    /// <summary>The newest version.</summary>
    ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>The current relation of these ends and type that has no end.</summary>
    ValueTask<Relation?> FindOpenRelationAsync(string tenant, string fromId, string toId, string type, CancellationToken cancel);

    /// <summary>Relations of each entity that hold at the moment, at most so many of each; pages in the order of the queries.</summary>
    ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
        string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel);

    ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel);

    /// <summary>Applies the commit durably, or answers Stale when something is not as it must be.</summary>
    Task<CommitStatus> CommitGraphAsync(GraphCommit commit);

    /// <summary>
    /// Removes an entity of the expected version with its observations and relations; the receipt comes with Committed only.
    /// </summary>
    Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(string tenant, string id, long expectedVersion,
        DateTimeOffset now);
}
