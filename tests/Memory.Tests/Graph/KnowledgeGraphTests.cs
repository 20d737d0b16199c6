using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Sessions;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Graph;

public sealed class KnowledgeGraphTests
{
    private const string Tenant = "acme";
    private readonly GraphInMemory store = new();
    private readonly ScriptedStore sessions = new();
    private readonly FakeClock clock = new();
    private readonly KnowledgeGraph graph;
    private int ids;

    public KnowledgeGraphTests() => graph = new KnowledgeGraph(store, sessions, clock, () => $"id{++ids:00}");

    [Fact]
    public async Task The_same_name_is_the_same_entity_and_metadata_are_merged()
    {
        var first = await UpsertAsync("Ada", "person", """{"a":1,"b":[1,2]}""");
        var second = await UpsertAsync(" ADA", null, """{"b":null,"c":"x"}""");

        Assert.Equal((true, false), (first.Created, second.Created));
        Assert.Equal(first.Entity.Id, second.Entity.Id);
        Assert.Equal(("Ada", "person", 2L, """{"a":1,"b":null,"c":"x"}"""),
            (second.Entity.Name, second.Entity.Type, second.Entity.Version, second.Entity.Metadata));
    }

    [Fact]
    public async Task An_upsert_that_changes_nothing_makes_no_version()
    {
        await UpsertAsync("Ada", "person", """{"a":1}""");
        Assert.Equal(1, (await UpsertAsync("Ada", null, null)).Entity.Version);
    }

    [Fact]
    public async Task Merged_metadata_beyond_the_limit_are_refused_and_nothing_changes()
    {
        var half = new string('x', (GraphLimits.MetadataBytesMax / 2) + 100);
        await UpsertAsync("Ada", null, $$"""{"a":"{{half}}"}""");
        var refused = await graph.UpsertEntityAsync(Tenant, new EntityDraft("Ada", null, GraphScope.Tenant, $$"""{"b":"{{half}}"}"""),
            default);
        Assert.Equal((ErrorCode.InvalidInput, "metadata"), (refused.Error!.Code, refused.Error.Field));
        Assert.Equal(1, store.Entities[0].Version);
    }

    [Fact]
    public async Task A_write_that_was_overtaken_is_tried_again_but_not_for_ever()
    {
        store.StaleNext = 3;
        Assert.True((await UpsertAsync("Ada", null, null)).Created);
        store.StaleNext = int.MaxValue;
        Assert.Equal(ErrorCode.Overloaded,
            (await graph.UpsertEntityAsync(Tenant, new EntityDraft("Bob", null, GraphScope.Tenant, null), default)).Error!.Code);
    }

    [Fact]
    public async Task A_name_taken_within_the_scope_is_a_conflict_and_another_scope_is_not()
    {
        var ada = (await UpsertAsync("Ada", null, null)).Entity;
        await UpsertAsync("Bob", null, null);
        await graph.UpsertEntityAsync(Tenant, new EntityDraft("Eve", null, new GraphScope("u"), null), default);

        Assert.Equal(ErrorCode.NameConflict,
            (await graph.EditEntityAsync(Tenant, ada.Id, new EntityEdit("bob"), null, default)).Error!.Code);
        Assert.Equal("Eve", (await graph.EditEntityAsync(Tenant, ada.Id, new EntityEdit("Eve"), 1, default)).Value.Name);
        Assert.Equal(ErrorCode.PreconditionFailed,
            (await graph.EditEntityAsync(Tenant, ada.Id, new EntityEdit("X"), 1, default)).Error!.Code);
    }

    [Fact]
    public async Task What_is_said_again_is_the_same_observation()
    {
        var ada = (await UpsertAsync("Ada", null, null)).Entity.Id;
        var first = await SayAsync(new ObservationDraft(ada, "likes tea", []), new ObservationDraft(ada, "likes tea", []));
        var again = await SayAsync(new ObservationDraft(ada, "likes tea", []));

        Assert.Same(first[0], first[1]);
        Assert.False(again[0].Created);
        Assert.Single(store.Observations);
    }

    [Fact]
    public async Task A_superseded_observation_is_still_known_for_the_time_before()
    {
        var ada = (await UpsertAsync("Ada", null, null)).Entity.Id;
        var old = (await SayAsync(new ObservationDraft(ada, "lives in Rome", [])))[0].Observation;
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(1));
        var made = (await SayAsync(new ObservationDraft(ada, "lives in Oslo", [], Supersedes: old.Id)))[0].Observation;

        Assert.Equal("lives in Oslo", Assert.Single((await graph.GetEntityAsync(Tenant, ada, null, default)).Value.Observations).Content);
        var then = await graph.GetEntityAsync(Tenant, ada, new AsOf(before, before), default);
        Assert.Equal("lives in Rome", Assert.Single(then.Value.Observations).Content);
        Assert.Equal(made.Id, store.Observations[0].SupersededBy);
    }

    [Theory]
    [InlineData("nobody", "x", null, ErrorCode.NotFound, "observations[0].entity_id")]
    [InlineData("id01", "x", "nothing", ErrorCode.NotFound, "observations[0].supersedes")]
    public async Task An_observation_of_what_is_not_there_is_refused(
        string entity, string content, string? supersedes, ErrorCode code, string field)
    {
        await UpsertAsync("Ada", null, null);
        var refused = await graph.AddObservationsAsync(Tenant, [new ObservationDraft(entity, content, [], Supersedes: supersedes)],
            default);
        Assert.Equal((code, field), (refused.Error!.Code, refused.Error.Field));
    }

    [Fact]
    public async Task An_observation_cites_turns_that_exist_and_takes_their_seq_from_the_log()
    {
        var ada = (await UpsertAsync("Ada", null, null)).Entity.Id;
        var refused = await graph.AddObservationsAsync(Tenant, [new ObservationDraft(ada, "x", [new SourceTurn("s", "t", 0)])], default);
        Assert.Equal("observations[0].sources[0]", refused.Error!.Field);
    }

    [Fact]
    public async Task An_observation_cites_living_turns_only()
    {
        var ada = (await UpsertAsync("Ada", null, null)).Entity.Id;
        var said = Turns.Of("s", 1, "bread");
        var session = new Session("s", null, null, SessionStatus.Open, 2, 1, Turns.Noon, Turns.Noon);
        sessions.Put(Tenant, session, [said, Turns.Of("s", 2, "") with { IsErased = true }]);
        SourceTurn[] sources = [new("s", said.Id, 0), new("s", "s-2", 0)];

        var refused = await graph.AddObservationsAsync(Tenant, [new ObservationDraft(ada, "bakes", sources)], default);
        Assert.Equal("observations[0].sources[1]", refused.Error!.Field);
        Assert.Equal([new SourceTurn("s", said.Id, 1)],
            (await SayAsync(new ObservationDraft(ada, "bakes", sources[..1])))[0].Observation.Sources);
    }

    [Fact]
    public async Task An_open_relation_is_there_once_until_it_is_ended()
    {
        var (ada, bob) = ((await UpsertAsync("Ada", null, null)).Entity.Id, (await UpsertAsync("Bob", null, null)).Entity.Id);
        var first = await RelateAsync(new RelationDraft(ada, bob, "knows"));
        Assert.False((await RelateAsync(new RelationDraft(ada, bob, "knows"))).Created);
        Assert.True((await RelateAsync(new RelationDraft(bob, ada, "knows"))).Created);
        clock.Advance(TimeSpan.FromDays(1));
        var beforeEnd = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(1));
        var ended = await graph.EditRelationAsync(Tenant, first.Relation.Id, new RelationEdit(ValidTo: beforeEnd.AddHours(1)), 1, default);

        Assert.Equal(2, ended.Value.Version);
        Assert.True((await RelateAsync(new RelationDraft(ada, bob, "knows"))).Created);
        // Known before it was ended: still without an end.
        var then = await graph.GetEntityAsync(Tenant, ada, new AsOf(clock.GetUtcNow(), beforeEnd), default);
        Assert.Contains(then.Value.Relations, relation => relation.Id == first.Relation.Id && relation.ValidTo is null);
        var now = await graph.GetEntityAsync(Tenant, ada, null, default);
        Assert.DoesNotContain(now.Value.Relations, relation => relation.Id == first.Relation.Id);
    }

    [Fact]
    public async Task Times_the_wrong_way_round_and_a_relation_to_itself_are_refused()
    {
        var (ada, bob) = ((await UpsertAsync("Ada", null, null)).Entity.Id, (await UpsertAsync("Bob", null, null)).Entity.Id);
        var past = clock.GetUtcNow().AddDays(-1);
        Assert.Equal("valid_to",
            (await graph.AddRelationAsync(Tenant, new RelationDraft(ada, bob, "x", ValidTo: past), default)).Error!.Field);
        Assert.Equal("to_id", (await graph.AddRelationAsync(Tenant, new RelationDraft(ada, ada, "x"), default)).Error!.Field);
        Assert.Equal("to_id", (await graph.AddRelationAsync(Tenant, new RelationDraft(ada, "nobody", "x"), default)).Error!.Field);
        Assert.Equal("from_id", (await graph.AddRelationAsync(Tenant, new RelationDraft("nobody", ada, "x"), default)).Error!.Field);
    }

    private async Task<EntityUpsert> UpsertAsync(string name, string? type, string? metadata) =>
        (await graph.UpsertEntityAsync(Tenant, new EntityDraft(name, type, GraphScope.Tenant, metadata), default)).Value;

    private async Task<IReadOnlyList<ObservationUpsert>> SayAsync(params ObservationDraft[] drafts) =>
        (await graph.AddObservationsAsync(Tenant, drafts, default)).Value;

    private async Task<RelationUpsert> RelateAsync(RelationDraft draft) => (await graph.AddRelationAsync(Tenant, draft, default)).Value;
}
