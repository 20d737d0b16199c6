using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Writes a tenant's graph through the port, one commit at a time.</summary>
public sealed class GraphScript(Func<IGraphStore> store, string tenant, Func<DateTimeOffset> tick)
{
    public string Tenant => tenant;

    public Entity Draft(string name, string type = "person", GraphScope? scope = null, string? metadata = null)
    {
        var now = tick();
        return new Entity(NewId(), name, type, scope ?? GraphScope.Tenant, metadata, 1, now, now);
    }

    public async Task<Entity> AddAsync(string name, string type = "person", GraphScope? scope = null, string? metadata = null)
    {
        var entity = Draft(name, type, scope, metadata);
        await CommitAsync(new EntityWrite(0, entity));
        return entity;
    }

    public Observation Say(Entity of, string content, DateTimeOffset? validFrom = null, DateTimeOffset? validTo = null) =>
        new(NewId(), of.Id, content, [new SourceTurn("s", "t", 3)], 0.25, validFrom ?? tick(), validTo, tick());

    public async Task<Observation> SayAsync(Entity of, string content)
    {
        var observation = Say(of, content);
        await CommitAsync(new ObservationAdded(observation));
        return observation;
    }

    public Relation Link(Entity from, Entity to, string type = "knows", DateTimeOffset? validTo = null, string? metadata = null) =>
        new(NewId(), 1, from.Id, to.Id, type, metadata, tick(), validTo, tick());

    public async Task<Relation> LinkAsync(
        Entity from, Entity to, string type = "knows", DateTimeOffset? validTo = null, string? metadata = null)
    {
        var relation = Link(from, to, type, validTo, metadata);
        await CommitAsync(new RelationAdded(relation));
        return relation;
    }

    public async Task CommitAsync(params GraphWrite[] writes) => Assert.Equal(CommitStatus.Committed, await TryAsync(writes));

    public Task<CommitStatus> TryAsync(params GraphWrite[] writes) => store().CommitGraphAsync(new GraphCommit(tenant, writes));

    public async Task<IReadOnlyList<Relation>> RelationsAsync(Entity of, GraphMoment at) =>
        (await store().ReadRelationsAsync(tenant, [new NeighbourQuery(of.Id)], at, 100, default))[0].Relations;

    private static string NewId() => Guid.NewGuid().ToString("n");
}
