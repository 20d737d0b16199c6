using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Host.Conformance;

public abstract partial class HostConformance
{
    [Fact]
    public async Task An_entity_and_what_was_said_of_it_are_found_in_the_very_next_search_and_after_a_restart()
    {
        var zephyr = await UpsertAsync("Zephyr", "sailboat");
        await SayAsync(zephyr, "was repaired in Lisbon harbour", "has red sails");
        var found = Assert.Single(await FindAsync("repaired Lisbon"));
        Assert.Equal((zephyr, "was repaired in Lisbon harbour"), (found.Entity.Id, found.Matches[0].Observation.Content));
        await RestartAsync();
        Assert.Equal(zephyr, Assert.Single(await FindAsync("repaired Lisbon")).Entity.Id);
        await Host.Graph.DeleteEntityAsync(Tenant, zephyr, null, CancellationToken.None);
        Assert.Empty(await FindAsync("repaired Lisbon"));
    }

    [Fact]
    public async Task Writers_of_one_name_at_once_get_one_entity()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Host.Graph.UpsertEntityAsync(Tenant, new EntityDraft("Ada", null, GraphScope.Tenant, $$"""{"m{{i}}":1}"""),
            CancellationToken.None)));
        Assert.Single(made.Select(static each => each.Value.Entity.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, made.Count(static each => each.Value.Created));
        var entity = (await Host.Graph.GetEntityAsync(Tenant, made[0].Value.Entity.Id, null, CancellationToken.None)).Value.Entity;
        Assert.Equal("""{"m0":1,"m1":1,"m2":1,"m3":1,"m4":1,"m5":1}""", entity.Metadata);
        Assert.Equal(6, entity.Version);
    }

    [Fact]
    public async Task An_observation_cites_turns_of_the_log()
    {
        await AppendAsync("s", Say("Zephyr was sold", id: "t1"));
        await AppendAsync("s", Say("to Bob", id: "t2"));
        var zephyr = await UpsertAsync("Zephyr");
        var said = await Host.Graph.AddObservationsAsync(
            Tenant, [new ObservationDraft(zephyr, "belongs to Bob", [new SourceTurn("s", "t2", 0)], 0.5)], CancellationToken.None);
        Assert.Equal([new SourceTurn("s", "t2", 2)], said.Value[0].Observation.Sources);
        var read = (await Host.Graph.GetEntityAsync(Tenant, zephyr, null, CancellationToken.None)).Value.Observations[0];
        Assert.Equal((new SourceTurn("s", "t2", 2), 0.5), (read.Sources[0], read.Importance));
    }

    [Fact]
    public async Task A_path_is_found_as_of_a_time()
    {
        var (ada, bob, eve) = (await UpsertAsync("Ada"), await UpsertAsync("Bob"), await UpsertAsync("Eve"));
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        await Host.Graph.AddRelationAsync(Tenant, new RelationDraft(ada, bob, "knows", ValidTo: until), CancellationToken.None);
        await Host.Graph.AddRelationAsync(Tenant, new RelationDraft(eve, bob, "knows"), CancellationToken.None);

        var path = (await Host.Graph.FindPathAsync(Tenant, ada, eve, 4, null, CancellationToken.None)).Value;
        Assert.Equal(["Bob", "Eve"], path.Steps!.Select(static step => step.To.Name));
        Assert.Null((await Host.Graph.FindPathAsync(Tenant, ada, eve, 1, null, CancellationToken.None)).Value.Steps);
        Assert.Null((await Host.Graph.FindPathAsync(Tenant, ada, eve, 4, new AsOf(until.AddHours(1), null), CancellationToken.None))
            .Value.Steps);
        Assert.Equal(ErrorCode.NotFound,
            (await Host.Graph.FindPathAsync("stranger", ada, eve, 4, null, CancellationToken.None)).Error!.Code);
        var overview = (await Host.Graph.GetOverviewAsync(Tenant, CancellationToken.None)).Value;
        Assert.Equal((3L, 2L, "Eve"), (overview.Entities, overview.Relations, overview.MostConnected[0].Entity.Name));
    }

    private async Task<string> UpsertAsync(string name, string type = "person") =>
        (await Host.Graph.UpsertEntityAsync(Tenant, new EntityDraft(name, type, GraphScope.Tenant, null), CancellationToken.None))
        .Value.Entity.Id;

    private async Task SayAsync(string entity, params string[] contents) =>
        Assert.True((await Host.Graph.AddObservationsAsync(Tenant,
        [.. contents.Select(content => new ObservationDraft(entity, content, []))], CancellationToken.None)).IsSuccess);

    private async Task<IReadOnlyList<FoundEntity>> FindAsync(string words) =>
        (await Host.Entities.SearchAsync(new EntityQuery(Tenant, words, 10, MinScore: 0.3), CancellationToken.None)).Value.Items;
}
