using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>The knowledge graph's port.</content>
public sealed partial class SqliteStore : IGraphStore
{
    IRecallFeed IGraphStore.Documents => graphFeed;

    public ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), EntityQueries.Find, cancel);

    public ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel) =>
        FindByDigestAsync(
            tenant, SealedField.NameDigest, EntityName.Digest(name),
            digest => reads.ReadTextsAsync(tenant, (tenant, scope, digest), EntityQueries.FindByName, cancel), cancel);

    public ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, ids), EntityQueries.FindAll, cancel);

    public ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, ids), GraphFeed.ReadDocuments, cancel);

    public async ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "entities");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadTextsAsync(tenant, (tenant, filter, before.Value, limit), EntityQueries.List, cancel);
    }

    public ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
        string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, entityIds, at, perEntityMax), StatementQueries.ReadObservations, cancel);

    public ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), StatementQueries.FindObservation, cancel);

    public ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, sessionId, afterId, limit), StatementQueries.FindCiting, cancel);

    public ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel) =>
        FindByDigestAsync(
            tenant, SealedField.ObservationDigest, GraphWrites.DigestOf(content),
            digest => reads.ReadTextsAsync(tenant, (tenant, entityId, digest), StatementQueries.FindSaid, cancel), cancel);

    public ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), StatementQueries.FindRelation, cancel);

    public ValueTask<Relation?> FindOpenRelationAsync(string tenant, string fromId, string toId, string type, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, fromId, toId, type), StatementQueries.FindOpenRelation, cancel);

    public ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
        string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, queries, at, perEntityMax), StatementQueries.ReadRelations, cancel);

    public ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, connectedMax, typesMax), EntityQueries.Summarize, cancel);

    public Task<CommitStatus> CommitGraphAsync(GraphCommit commit) =>
        Enqueue(commit.Tenant, new GraphCommitWrite(commit, clock.GetUtcNow()));

    public async Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now)
    {
        var write = new DeleteEntityWrite(tenant, id, expectedVersion, now);
        var status = await Enqueue(tenant, write);
        return (status, status == CommitStatus.Committed ? write.Receipt : null);
    }

    /// <summary>Looks for what was stored under the tenant's key, then for what was stored before there was one.</summary>
    private async ValueTask<T?> FindByDigestAsync<T>(
        string tenant, SealedField field, byte[] digest, Func<byte[], ValueTask<T?>> find, CancellationToken cancel)
        where T : class
    {
        var seal = ring is null ? null : await ring.FindAsync(tenant, cancel);
        var found = seal is { HasKey: true } ? await find(seal.Digest(field, digest)) : null;
        return found ?? await find(digest);
    }
}
