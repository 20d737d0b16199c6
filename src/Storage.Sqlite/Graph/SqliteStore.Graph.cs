using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>The knowledge graph's port.</content>
public sealed partial class SqliteStore : IGraphStore
{
    IRecallFeed IGraphStore.Documents => graphFeed;

    public ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id), EntityQueries.Find, cancel);

    public ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel) =>
        reads.ReadAsync((tenant, scope, EntityName.Digest(name)), EntityQueries.FindByName, cancel);

    public ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync((tenant, ids), EntityQueries.FindAll, cancel);

    public ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync((tenant, ids), GraphFeed.ReadDocuments, cancel);

    public async ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "entities");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync((tenant, filter, before.Value, limit), EntityQueries.List, cancel);
    }

    public ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
        string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadAsync((tenant, entityIds, at, perEntityMax), StatementQueries.ReadObservations, cancel);

    public ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id), StatementQueries.FindObservation, cancel);

    public ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        reads.ReadAsync((tenant, sessionId, afterId, limit), StatementQueries.FindCiting, cancel);

    public ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel) =>
        reads.ReadAsync((tenant, entityId, GraphWrites.DigestOf(content)), StatementQueries.FindSaid, cancel);

    public ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id), StatementQueries.FindRelation, cancel);

    public ValueTask<Relation?> FindOpenRelationAsync(string tenant, string fromId, string toId, string type, CancellationToken cancel) =>
        reads.ReadAsync((tenant, fromId, toId, type), StatementQueries.FindOpenRelation, cancel);

    public ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
        string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        reads.ReadAsync((tenant, queries, at, perEntityMax), StatementQueries.ReadRelations, cancel);

    public ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel) =>
        reads.ReadAsync((tenant, connectedMax, typesMax), EntityQueries.Summarize, cancel);

    public Task<CommitStatus> CommitGraphAsync(GraphCommit commit) => Enqueue(new GraphCommitWrite(commit, clock.GetUtcNow()));

    public async Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now)
    {
        var write = new DeleteEntityWrite(tenant, id, expectedVersion, now);
        var status = await Enqueue(write);
        return (status, status == CommitStatus.Committed ? write.Receipt : null);
    }
}
