using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <content>The knowledge graph's port.</content>
public sealed partial class PostgresStore : IGraphStore
{
    IRecallFeed IGraphStore.Documents => graphFeed;

    public ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(EntityQueries.Find, tenant, id, cancel);

    public ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel) =>
        FindByDigestAsync(
            tenant, SealedField.NameDigest, EntityName.Digest(name),
            digest => reads.ReadAsync(EntityQueries.FindByName, tenant, (scope, digest), cancel), cancel);

    public ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync(EntityQueries.FindAll, tenant, ids.ToArray(), cancel);

    public ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync(GraphFeed.ReadSome, tenant, ids.ToArray(), cancel);

    public async ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "entities");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync(EntityQueries.List(filter), tenant, new EntityListing(filter, before.Value, limit), cancel);
    }

    public ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
        string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.ReadObservations, tenant, (entityIds.ToArray(), at, perEntityMax), cancel);

    public ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.FindObservation, tenant, id, cancel);

    public ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.FindCiting, tenant, (sessionId, afterId, limit), cancel);

    public ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel) =>
        FindByDigestAsync(
            tenant, SealedField.ObservationDigest, GraphStatements.DigestOf(content),
            digest => reads.ReadAsync(StatementQueries.FindSaid, tenant, (entityId, digest), cancel), cancel);

    public ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.FindRelation, tenant, id, cancel);

    public ValueTask<Relation?> FindOpenRelationAsync(string tenant, string fromId, string toId, string type, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.FindOpenRelation, tenant, (fromId, toId, type), cancel);

    public ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
        string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadAsync(StatementQueries.ReadRelations, tenant, new NeighbourRead(queries, at, perEntityMax), cancel);

    /// <inheritdoc/>
    /// <remarks>Its parts are read one after another: a change in between may show in one and not in another.</remarks>
    public async ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel)
    {
        var (entities, observations) = await reads.ReadPlainAsync(EntityQueries.Count, tenant, tenant, cancel);
        var types = await reads.ReadPlainAsync(EntityQueries.Types, tenant, tenant, cancel);
        var relationTypes = await reads.ReadPlainAsync(EntityQueries.RelationTypes, tenant, tenant, cancel);
        var connected = await reads.ReadAsync(EntityQueries.Connected, tenant, connectedMax, cancel);
        return new GraphOverview(
            entities, observations, relationTypes.Sum(static type => type.Count), Largest(types, typesMax),
            Largest(relationTypes, typesMax), connected);
    }

    public Task<CommitStatus> CommitGraphAsync(GraphCommit commit) => ring is null
        ? graphWrites.CommitAsync(commit, seal: null)
        : ring.WriteAsync(commit.Tenant, seal => graphWrites.CommitAsync(commit, seal));

    public Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now) => graphWrites.DeleteAsync(tenant, id, expectedVersion, now);

    /// <summary>Looks for what was stored under the tenant's key, then for what was stored before there was one.</summary>
    private async ValueTask<T?> FindByDigestAsync<T>(
        string tenant, SealedField field, byte[] digest, Func<byte[], ValueTask<T?>> find, CancellationToken cancel)
        where T : class
    {
        var seal = ring is null ? null : await ring.FindAsync(tenant, cancel);
        var found = seal is { HasKey: true } ? await find(seal.Digest(field, digest)) : null;
        return found ?? await find(digest);
    }

    private static TypeCount[] Largest(IReadOnlyList<TypeCount> types, int typesMax) =>
        [.. types.OrderByDescending(static type => type.Count).ThenBy(static type => type.Type, StringComparer.Ordinal).Take(typesMax)];
}
