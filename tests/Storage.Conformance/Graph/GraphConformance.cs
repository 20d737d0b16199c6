using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

public abstract class GraphConformance : StoreConformance
{
    private GraphScript? script;

    private IGraphStore Graph => Store.Graph;

    private GraphScript Script() => script ??= new GraphScript(() => Store.Graph, Tenant, Tick);

    private GraphMoment Now()
    {
        var now = Tick();
        return new GraphMoment(now, now);
    }

    [Fact]
    public async Task An_entity_reads_back_as_it_was_written_after_a_restart_as_well()
    {
        var entity = await Script().AddAsync("Ada Lovelace", scope: new GraphScope("u", "a"), metadata: """{"a":1}""");
        await Store.ReopenAsync();

        Assert.Equal(entity, await Graph.FindEntityAsync(Tenant, entity.Id, default));
        Assert.Equal(entity, await Graph.FindEntityByNameAsync(Tenant, entity.Scope, "ada LOVELACE", default));
        Assert.Equal([entity], await Graph.FindEntitiesAsync(Tenant, [entity.Id, "nobody"], default));
        Assert.Null(await Graph.FindEntityAsync(Tenant, "nobody", default));
    }

    [Fact]
    public async Task Observations_are_found_by_the_sessions_they_cite_until_they_are_gone()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var old = await Script().SayAsync(ada, "one");
        var next = Script().Say(ada, "two") with { Sources = [new("s", "t", 1), new("s", "u", 2), new("other", "t", 1)] };
        await Script().CommitAsync(new ObservationAdded(next), new ObservationSuperseded(ada.Id, old.Id, next.Id, Tick()));
        var third = await Script().SayAsync(bob, "three");
        await Script().CommitAsync(new ObservationAdded(Script().Say(bob, "cites none") with { Sources = [] }));

        var all = new[] { old.Id, next.Id, third.Id }.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(all, await CitingAsync("s"));
        Assert.Equal(all[..2], (await Graph.FindObservationsCitingAsync(Tenant, "s", null, 2, default)).Select(static each => each.Id));
        Assert.Equal(all[2..], (await Graph.FindObservationsCitingAsync(Tenant, "s", all[1], 2, default)).Select(static each => each.Id));
        Assert.Equal([next.Id], await CitingAsync("other"));
        Assert.Empty(await Graph.FindObservationsCitingAsync(NewTenant(), "s", null, 10, default));

        await Script().CommitAsync(new ObservationErased(ada.Id, next.Id));
        Assert.Empty(await CitingAsync("other"));
        await Graph.DeleteEntityAsync(Tenant, bob.Id, bob.Version, Tick());
        Assert.Equal([old.Id], await CitingAsync("s"));
    }

    private async Task<IEnumerable<string>> CitingAsync(string session) =>
        (await Graph.FindObservationsCitingAsync(Tenant, session, null, 10, default)).Select(static each => each.Id);

    [Fact]
    public async Task Aliases_are_names_of_one_entity_of_a_scope_until_they_are_taken_away_or_it_is_gone()
    {
        var scope = new GraphScope("u", "a");
        var ada = Script().Draft("Ada Lovelace", scope: scope) with { Aliases = ["Addie", "the \"Countess\""] };
        await Script().CommitAsync(new EntityWrite(0, ada));
        await Store.ReopenAsync();
        Assert.Equal(ada, await Graph.FindEntityAsync(Tenant, ada.Id, default));
        Assert.Equal(ada, await Graph.FindEntityByNameAsync(Tenant, scope, "ADDIE", default));
        Assert.Null(await Graph.FindEntityByNameAsync(Tenant, GraphScope.Tenant, "Addie", default));

        var bob = Script().Draft("Bob", scope: scope) with { Aliases = ["Bobby"] };
        foreach (var taken in new[] { bob with { Name = "addie" }, bob with { Aliases = ["addie"] },
            bob with { Aliases = ["ada lovelace"] } })
            Assert.Equal(CommitStatus.Stale, await Graph.CommitGraphAsync(new GraphCommit(Tenant, [new EntityWrite(0, taken)])));
        await Script().CommitAsync(new EntityWrite(0, bob));
        Assert.Equal(CommitStatus.Stale,
            await Graph.CommitGraphAsync(new GraphCommit(Tenant, [new EntityWrite(1, bob with { Version = 2, Aliases = ["Addie"] })])));
        Assert.Equal(CommitStatus.Stale,
            await Graph.CommitGraphAsync(new GraphCommit(Tenant, [new EntityWrite(1, bob with { Version = 2, Name = "Addie" })])));
        await Script().CommitAsync(new EntityWrite(0, Script().Draft("Addie")));

        var less = ada with { Version = 2, Aliases = ["Countess", "ada"] };
        await Script().CommitAsync(new EntityWrite(1, less));
        Assert.Null(await Graph.FindEntityByNameAsync(Tenant, scope, "Addie", default));
        Assert.Equal(less, await Graph.FindEntityByNameAsync(Tenant, scope, "ada", default));
        await Script().CommitAsync(new EntityWrite(1, bob with { Version = 2, Aliases = ["Addie"] }));
        await Graph.DeleteEntityAsync(Tenant, less.Id, 2, Tick());
        Assert.Null(await Graph.FindEntityByNameAsync(Tenant, scope, "countess", default));
        await Script().CommitAsync(new EntityWrite(0, Script().Draft("Countess", scope: scope)));
    }

    [Fact]
    public async Task A_name_is_taken_within_its_scope_only()
    {
        await Script().AddAsync("Ada");
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new EntityWrite(0, Script().Draft("ADA"))));
        foreach (var scope in new[] { new GraphScope("u"), new GraphScope(null, "a"), new GraphScope("u", "a") })
        {
            await Script().AddAsync("Ada", scope: scope);
            Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new EntityWrite(0, Script().Draft(" ada", scope: scope))));
            Assert.Equal(scope, (await Graph.FindEntityByNameAsync(Tenant, scope, "Ada", default))!.Scope);
        }

        Assert.Null(await Graph.FindEntityByNameAsync(Tenant, new GraphScope("other"), "Ada", default));
    }

    [Fact]
    public async Task An_entity_changes_only_from_the_version_expected_and_frees_its_old_name()
    {
        var ada = await Script().AddAsync("Ada");
        var renamed = ada with { Name = "Countess", Type = "noble", Version = 2, UpdatedAt = Tick(), Metadata = """{"b":2}""" };
        await Script().CommitAsync(new EntityWrite(1, renamed));

        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new EntityWrite(1, renamed)));
        Assert.Equal(renamed, await Graph.FindEntityAsync(Tenant, ada.Id, default));
        Assert.Null(await Graph.FindEntityByNameAsync(Tenant, ada.Scope, "Ada", default));
        await Script().AddAsync("Ada");
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new EntityWrite(2, renamed with { Name = "Ada", Version = 3 })));
    }

    [Fact]
    public async Task Of_two_writers_of_one_name_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Script().TryAsync(new EntityWrite(0, Script().Draft("Ada")))));
        Assert.Equal(1, results.Count(static status => status == CommitStatus.Committed));
        Assert.Equal(7, results.Count(static status => status == CommitStatus.Stale));
    }

    [Fact]
    public async Task A_commit_is_applied_whole_or_not_at_all()
    {
        var ada = await Script().AddAsync("Ada");
        var bob = Script().Draft("Bob");
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(
            new EntityWrite(0, bob), new ObservationAdded(Script().Say(ada, "x")),
            new RelationAdded(Script().Link(ada, Script().Draft("nobody")))));

        Assert.Null(await Graph.FindEntityAsync(Tenant, bob.Id, default));
        Assert.Empty(await Graph.ReadObservationsAsync(Tenant, [ada.Id], Now(), 10, default));
        await Script().CommitAsync(new EntityWrite(0, bob), new ObservationAdded(Script().Say(bob, "x")),
            new RelationAdded(Script().Link(ada, bob)));
        Assert.Single(await Script().RelationsAsync(bob, Now()));
    }

    [Fact]
    public async Task Observations_read_back_newest_first_and_as_of_both_times()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var first = await Script().SayAsync(ada, "lives in Rome");
        var before = Tick();
        var second = Script().Say(ada, "lives in Oslo", validFrom: Tick().AddDays(3), validTo: Tick().AddDays(5))
            with { Importance = null, Sources = [] };
        var at = Tick();
        await Script().CommitAsync(new ObservationSuperseded(ada.Id, first.Id, second.Id, at), new ObservationAdded(second));
        var other = await Script().SayAsync(bob, "lives in Rome");

        Assert.Equal([Shown(first with { SupersededAt = at, SupersededBy = second.Id })],
            await ReadAsync([ada.Id], new GraphMoment(before, before)));
        Assert.Empty(await ReadAsync([ada.Id], Now()));
        Assert.Equal([Shown(second)], await ReadAsync([ada.Id], new GraphMoment(Tick().AddDays(4), Tick())));
        Assert.Empty(await ReadAsync([ada.Id], new GraphMoment(Tick().AddDays(6), Tick())));
        Assert.Equal([Shown(other)], await ReadAsync([ada.Id, bob.Id], Now()));
        var third = await Script().SayAsync(bob, "plays chess");
        Assert.Equal([Shown(third)], await ReadAsync([bob.Id], Now(), perEntityMax: 1));
        Assert.Equal([Shown(third), Shown(other)], await ReadAsync([bob.Id], Now()));
    }

    [Fact]
    public async Task The_same_words_are_current_once_for_an_entity()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var said = await Script().SayAsync(ada, "likes tea");
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new ObservationAdded(Script().Say(ada, "likes tea"))));
        Assert.Equal(said.Id, (await Graph.FindSaidAsync(Tenant, ada.Id, "likes tea", default))!.Id);
        Assert.Null(await Graph.FindSaidAsync(Tenant, bob.Id, "likes tea", default));
        await Script().SayAsync(bob, "likes tea");
        var again = Script().Say(ada, "likes tea");
        await Script().CommitAsync(new ObservationSuperseded(ada.Id, said.Id, again.Id, Tick()), new ObservationAdded(again));
        Assert.Equal(again.Id, (await Graph.FindSaidAsync(Tenant, ada.Id, "likes tea", default))!.Id);
    }

    [Fact]
    public async Task An_observation_is_superseded_or_erased_once_and_only_as_its_entitys()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var said = await Script().SayAsync(ada, "likes tea");
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new ObservationSuperseded(bob.Id, said.Id, "x", Tick())));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new ObservationErased(bob.Id, said.Id)));
        await Script().CommitAsync(new ObservationSuperseded(ada.Id, said.Id, "x", Tick()));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new ObservationSuperseded(ada.Id, said.Id, "x", Tick())));
        await Script().CommitAsync(new ObservationErased(ada.Id, said.Id));
        Assert.Null(await Graph.FindObservationAsync(Tenant, said.Id, default));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new ObservationErased(ada.Id, said.Id)));
        Assert.Equal(0, (await Graph.SummarizeGraphAsync(Tenant, 10, 10, default)).Observations);
    }

    [Fact]
    public async Task A_relation_has_versions_and_each_is_known_for_its_time()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var first = await Script().LinkAsync(ada, bob, metadata: """{"m":1}""");
        var known = Tick();
        var at = Tick();
        var ended = first with { Version = 2, ValidTo = at, RecordedAt = at };
        await Script().CommitAsync(new RelationSuperseded(first.Id, 1, null, at), new RelationAdded(ended));

        Assert.Equal(ended, await Graph.FindRelationAsync(Tenant, first.Id, default));
        Assert.Equal([first with { SupersededAt = at }], await Script().RelationsAsync(bob, new GraphMoment(Tick(), known)));
        Assert.Empty(await Script().RelationsAsync(ada, Now()));
        Assert.Equal([ended], await Script().RelationsAsync(ada, new GraphMoment(known, Tick())));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new RelationSuperseded(first.Id, 1, null, at)));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new RelationAdded(ended with { Version = 3 })));
        await Script().CommitAsync(new RelationErased(first.Id));
        Assert.Null(await Graph.FindRelationAsync(Tenant, first.Id, default));
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new RelationErased(first.Id)));
    }

    [Fact]
    public async Task Only_one_relation_of_the_same_ends_and_type_is_without_an_end()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var open = await Script().LinkAsync(ada, bob);
        Assert.Equal(CommitStatus.Stale, await Script().TryAsync(new RelationAdded(Script().Link(ada, bob))));
        Assert.Equal(open, await Graph.FindOpenRelationAsync(Tenant, ada.Id, bob.Id, "knows", default));
        Assert.Null(await Graph.FindOpenRelationAsync(Tenant, bob.Id, ada.Id, "knows", default));
        await Script().LinkAsync(ada, bob, validTo: Tick().AddDays(1));
        await Script().LinkAsync(ada, bob, "likes");
        await Script().LinkAsync(bob, ada);
        Assert.Equal(4, (await Script().RelationsAsync(ada, Now())).Count);
    }

    [Fact]
    public async Task Relations_come_in_pages_both_ways_in_the_order_of_the_queries()
    {
        var hub = await Script().AddAsync("hub");
        var spokes = new List<Entity>();
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            spokes.Add(await Script().AddAsync($"spoke {i}"));
            made.Add((i % 2 == 0 ? await Script().LinkAsync(hub, spokes[i]) : await Script().LinkAsync(spokes[i], hub)).Id);
        }

        var read = new List<string>();
        for (long? after = 0; after is not null;)
        {
            var pages = await Graph.ReadRelationsAsync(
                Tenant, [new NeighbourQuery(hub.Id, after.Value), new NeighbourQuery("nobody"), new NeighbourQuery(spokes[3].Id)], Now(),
                3, default);
            Assert.Equal([hub.Id, "nobody", spokes[3].Id], pages.Select(static page => page.EntityId));
            Assert.Equal((0, 1), (pages[1].Relations.Count, pages[2].Relations.Count));
            Assert.True(pages[0].Relations.Count <= 3);
            read.AddRange(pages[0].Relations.Select(static relation => relation.Id));
            after = pages[0].NextAfter;
        }

        Assert.Equal(made, read);
    }

    [Fact]
    public async Task A_listing_filters_and_pages_newest_first()
    {
        var made = new List<Entity>();
        for (var i = 0; i < 9; i++)
            made.Add(await Script().AddAsync($"e{i}", i % 3 == 0 ? "boat" : "person",
                new GraphScope(i % 2 == 0 ? "u" : null, i < 4 ? "a" : null)));
        made.Reverse();

        Assert.Equal(made, await ListAsync(new EntityFilter()));
        Assert.Equal(made.Where(static each => each.Type == "boat"), await ListAsync(new EntityFilter("boat")));
        Assert.Equal(made.Where(static each => each.Scope.UserId == "u"), await ListAsync(new EntityFilter(UserId: "u")));
        Assert.Equal(made.Where(static each => each.Scope.AgentId == "a"), await ListAsync(new EntityFilter(AgentId: "a")));
        Assert.Equal(
            made.Where(static each => each is { Type: "person", Scope: { UserId: "u", AgentId: "a" } }),
            await ListAsync(new EntityFilter("person", "u", "a")));
        var refused = await Graph.ListEntitiesAsync(Tenant, new EntityFilter(), "nonsense", 2, default);
        Assert.Equal((ErrorCode.InvalidInput, "cursor"), (refused.Error!.Code, refused.Error.Field));
    }

    [Fact]
    public async Task The_overview_counts_what_is_current()
    {
        Assert.Equal((0L, 0L, 0L), CountsOf(await Graph.SummarizeGraphAsync(Tenant, 10, 10, default)));
        var (ada, bob, boat) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"), await Script().AddAsync("Zephyr", "boat"));
        await Script().SayAsync(ada, "one");
        await Script().SayAsync(ada, "two");
        var sails = await Script().LinkAsync(ada, boat, "sails");
        await Script().LinkAsync(bob, boat, "sails");
        await Script().LinkAsync(ada, bob);
        await Script().LinkAsync(ada, bob, validTo: Tick().AddDays(1));
        var ended = sails with { Version = 2, ValidTo = Tick(), RecordedAt = Tick() };
        await Script().CommitAsync(new RelationSuperseded(sails.Id, 1, null, Tick()), new RelationAdded(ended));

        var overview = await Graph.SummarizeGraphAsync(Tenant, 2, 1, default);
        Assert.Equal((3L, 2L, 4L), CountsOf(overview));
        Assert.Equal([new TypeCount("person", 2)], overview.EntityTypes);
        Assert.Equal([new TypeCount("knows", 2)], overview.RelationTypes);
        Assert.Equal([("Bob", 2L), ("Ada", 1L)], overview.MostConnected.Select(static each => (each.Entity.Name, each.Relations)));
    }

    [Fact]
    public async Task Deleting_an_entity_takes_everything_of_it_and_nothing_else()
    {
        var (ada, bob, eve) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"), await Script().AddAsync("Eve"));
        await Script().SayAsync(ada, "one");
        await Script().SayAsync(ada, "two");
        var kept = await Script().SayAsync(bob, "one");
        var first = await Script().LinkAsync(ada, bob);
        await Script().LinkAsync(eve, ada);
        await Script().LinkAsync(bob, eve);
        await Script().CommitAsync(new RelationSuperseded(first.Id, 1, null, Tick()),
            new RelationAdded(first with { Version = 2, RecordedAt = Tick() }));
        var at = Tick();

        Assert.Equal((CommitStatus.Stale, null), await Graph.DeleteEntityAsync(Tenant, ada.Id, 2, at));
        Assert.Equal((CommitStatus.Committed, new GraphReceipt(ada.Id, 2, 2, at)), await Graph.DeleteEntityAsync(Tenant, ada.Id, 1, at));
        Assert.Equal((CommitStatus.Stale, null), await Graph.DeleteEntityAsync(Tenant, ada.Id, 1, at));

        Assert.Null(await Graph.FindEntityAsync(Tenant, ada.Id, default));
        Assert.Null(await Graph.FindRelationAsync(Tenant, first.Id, default));
        Assert.Equal([Shown(kept)], await ReadAsync([ada.Id, bob.Id], Now()));
        Assert.Equal(eve.Id, Assert.Single(await Script().RelationsAsync(bob, Now())).ToId);
        var overview = await Graph.SummarizeGraphAsync(Tenant, 10, 10, default);
        Assert.Equal((2L, 1L, 1L), CountsOf(overview));
        Assert.All(overview.MostConnected, static each => Assert.Equal(1, each.Relations));
        await Script().AddAsync("Ada");
    }

    [Fact]
    public async Task A_stranger_sees_and_changes_nothing()
    {
        var (ada, bob) = (await Script().AddAsync("Ada"), await Script().AddAsync("Bob"));
        var said = await Script().SayAsync(ada, "one");
        var link = await Script().LinkAsync(ada, bob);
        var stranger = new GraphScript(() => Store.Graph, NewTenant(), Tick);

        Assert.Null(await Graph.FindEntityAsync(stranger.Tenant, ada.Id, default));
        Assert.Null(await Graph.FindEntityByNameAsync(stranger.Tenant, ada.Scope, "Ada", default));
        Assert.Empty(await Graph.FindEntitiesAsync(stranger.Tenant, [ada.Id], default));
        Assert.Empty((await Graph.ListEntitiesAsync(stranger.Tenant, new EntityFilter(), null, 10, default)).Value.Items);
        Assert.Empty(await Graph.ReadObservationsAsync(stranger.Tenant, [ada.Id], Now(), 10, default));
        Assert.Null(await Graph.FindObservationAsync(stranger.Tenant, said.Id, default));
        Assert.Null(await Graph.FindSaidAsync(stranger.Tenant, ada.Id, "one", default));
        Assert.Null(await Graph.FindRelationAsync(stranger.Tenant, link.Id, default));
        Assert.Null(await Graph.FindOpenRelationAsync(stranger.Tenant, ada.Id, bob.Id, "knows", default));
        Assert.Empty(await stranger.RelationsAsync(ada, Now()));
        Assert.Equal((0L, 0L, 0L), CountsOf(await Graph.SummarizeGraphAsync(stranger.Tenant, 10, 10, default)));
        Assert.Empty(await Graph.Documents.ListHeadsAsync(stranger.Tenant, default));

        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new EntityWrite(1, ada with { Version = 2 })));
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new ObservationAdded(stranger.Say(ada, "two"))));
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new ObservationErased(ada.Id, said.Id)));
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new RelationAdded(stranger.Link(bob, ada))));
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new RelationSuperseded(link.Id, 1, null, Tick())));
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new RelationErased(link.Id)));
        Assert.Equal((CommitStatus.Stale, null), await Graph.DeleteEntityAsync(stranger.Tenant, ada.Id, 1, Tick()));
        var theirs = await stranger.AddAsync("Ada");
        Assert.Equal(CommitStatus.Stale, await stranger.TryAsync(new RelationAdded(stranger.Link(theirs, ada))));
        Assert.Equal(ada, await Graph.FindEntityAsync(Tenant, ada.Id, default));
        Assert.Single(await Script().RelationsAsync(ada, Now()));
    }

    private static (long, long, long) CountsOf(GraphOverview overview) => (overview.Entities, overview.Observations, overview.Relations);

    private async Task<IReadOnlyList<string>> ReadAsync(string[] entities, GraphMoment at, int perEntityMax = 10) =>
        (await Graph.ReadObservationsAsync(Tenant, entities, at, perEntityMax, default)).Select(Shown).ToArray();

    // Records compare their lists by reference.
    private static string Shown(Observation observation) => $"{observation with { Sources = [] }} {string.Join(' ', observation.Sources)}";

    private async Task<IReadOnlyList<Entity>> ListAsync(EntityFilter filter)
    {
        var all = new List<Entity>();
        string? cursor = null;
        do
        {
            var page = (await Graph.ListEntitiesAsync(Tenant, filter, cursor, 2, default)).Value;
            Assert.True(page.Items.Count <= 2);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }
}
