using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Graph;

/// <summary>One tenant's graph in lists, by the letter of the port; commits may be made to come too late.</summary>
internal sealed class GraphInMemory : IGraphStore
{
    private readonly ScriptedFeed feed = new();
    private long change;

    public List<Entity> Entities { get; } = [];

    public List<Observation> Observations { get; } = [];

    public List<Relation> Relations { get; } = [];

    /// <summary>Commits to be answered Stale before one is taken.</summary>
    public int StaleNext { get; set; }

    public int RelationReads { get; private set; }

    public IRecallFeed Documents => feed;

    public ValueTask<Entity?> FindEntityAsync(string tenant, string id, CancellationToken cancel) =>
        new(Entities.Find(entity => entity.Id == id));

    public ValueTask<Entity?> FindEntityByNameAsync(string tenant, GraphScope scope, string name, CancellationToken cancel) =>
        new(Entities.Find(entity => entity.Scope == scope && EntityName.Normalize(entity.Name) == EntityName.Normalize(name)));

    public ValueTask<IReadOnlyList<Entity>> FindEntitiesAsync(string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        new(Entities.FindAll(entity => ids.Contains(entity.Id)));

    public ValueTask<IReadOnlyList<TurnCommitted>> ReadDocumentsAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        throw new NotSupportedException();

    public ValueTask<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Observation>> ReadObservationsAsync(
        string tenant, IReadOnlyCollection<string> entityIds, GraphMoment at, int perEntityMax, CancellationToken cancel) =>
        new(entityIds.SelectMany(id => Observations.Where(each => each.EntityId == id && at.Holds(each)).Reverse().Take(perEntityMax))
        .ToArray());

    public ValueTask<Observation?> FindObservationAsync(string tenant, string id, CancellationToken cancel) =>
        new(Observations.Find(each => each.Id == id));

    public ValueTask<IReadOnlyList<Observation>> FindObservationsCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<Observation?> FindSaidAsync(string tenant, string entityId, string content, CancellationToken cancel) =>
        new(Observations.Find(each => each.EntityId == entityId && each.Content == content && each.SupersededAt is null));

    public ValueTask<Relation?> FindRelationAsync(string tenant, string id, CancellationToken cancel) =>
        new(Relations.FindLast(each => each.Id == id));

    public ValueTask<Relation?> FindOpenRelationAsync(string tenant, string fromId, string toId, string type, CancellationToken cancel) =>
        new(Relations.Find(each => each is { SupersededAt: null, ValidTo: null } && each.FromId == fromId && each.ToId == toId
        && each.Type == type));

    public ValueTask<IReadOnlyList<NeighbourPage>> ReadRelationsAsync(
        string tenant, IReadOnlyList<NeighbourQuery> queries, GraphMoment at, int perEntityMax, CancellationToken cancel)
    {
        RelationReads++;
        return new(queries.Select(query => ReadRelations(query, at, perEntityMax)).ToArray());
    }

    public ValueTask<GraphOverview> SummarizeGraphAsync(string tenant, int connectedMax, int typesMax, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<CommitStatus> CommitGraphAsync(GraphCommit commit)
    {
        if (StaleNext > 0)
        {
            StaleNext--;
            return Task.FromResult(CommitStatus.Stale);
        }

        foreach (var write in commit.Writes)
            Apply(write);
        return Task.FromResult(CommitStatus.Committed);
    }

    public Task<(CommitStatus Status, GraphReceipt? Receipt)> DeleteEntityAsync(
        string tenant, string id, long expectedVersion, DateTimeOffset now)
    {
        var owner = Entities.Single(entity => entity.Id == id).Scope.UserId;
        Entities.RemoveAll(entity => entity.Id == id);
        var receipt = new GraphReceipt(
            id, Observations.RemoveAll(each => each.EntityId == id), Relations.RemoveAll(each => each.FromId == id || each.ToId == id),
            now);
        feed.Commit(new PartitionKey(tenant, owner), new SessionRemoved(++change, id));
        return Task.FromResult((CommitStatus.Committed, (GraphReceipt?)receipt));
    }

    private NeighbourPage ReadRelations(NeighbourQuery query, GraphMoment at, int perEntityMax)
    {
        var page = Relations.Select(static (relation, place) => (relation, place: place + 1L))
            .Where(each => (each.relation.FromId == query.EntityId || each.relation.ToId == query.EntityId) && each.place > query.After
            && at.Holds(each.relation))
            .Take(perEntityMax + 1).ToArray();
        return new NeighbourPage(
            query.EntityId, [.. page.Take(perEntityMax).Select(static each => each.relation)], page.Length > perEntityMax
            ? page[perEntityMax - 1].place : null);
    }

    private void Apply(GraphWrite write)
    {
        switch (write)
        {
            case EntityWrite entity:
                Entities.RemoveAll(each => each.Id == entity.After.Id);
                Entities.Add(entity.After);
                Announce(entity.After.Id);
                break;
            case ObservationAdded added:
                Observations.Add(added.Observation);
                Announce(added.Observation.EntityId);
                break;
            case ObservationSuperseded old:
                Replace(Observations, each => each.Id == old.Id, each => each with { SupersededAt = old.At, SupersededBy = old.By });
                break;
            case ObservationErased erased:
                Observations.RemoveAll(each => each.Id == erased.Id);
                Announce(erased.EntityId);
                break;
            case RelationAdded added:
                Relations.Add(added.Relation);
                break;
            case RelationSuperseded old:
                Replace(Relations, each => each.Id == old.Id && each.Version == old.Version,
                    each => each with { SupersededAt = old.At, SupersededBy = old.By });
                break;
            case RelationErased erased:
                Relations.RemoveAll(each => each.Id == erased.Id);
                break;
        }
    }

    private void Announce(string entityId)
    {
        var entity = Entities.Single(each => each.Id == entityId);
        var contents = Observations.Where(each => each.EntityId == entityId && each.SupersededAt is null)
            .Select(static each => each.Content).Reverse();
        feed.Commit(new PartitionKey("acme", entity.Scope.UserId), EntityDocument.Build(++change, entity, contents));
    }

    private static void Replace<T>(List<T> list, Predicate<T> which, Func<T, T> change)
    {
        var at = list.FindIndex(which);
        list[at] = change(list[at]);
    }
}
