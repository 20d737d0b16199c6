using MemoryOrleans.Graph;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Vectors of entities: woken by what changes an entity or what is known of it, gone with that.</summary>
public abstract class EntityVectorConformance : StoreConformance
{
    private const int Dimensions = 4;
    private static readonly float[] Vector = [0, 1, 0, 0];

    private readonly string model = $"model-{Guid.NewGuid():N}";

    private IVectorStore Vectors => Store.Vectors;

    private GraphScript Some => new(() => Store.Graph, Tenant, Tick);

    [Fact]
    public async Task A_change_of_an_entity_or_its_observations_has_it_embedded_for_every_living_space_and_a_relation_does_not()
    {
        var active = await OpenAsync(Dimensions);
        var filling = await OpenAsync(16);
        var (ada, bob) = (await Some.AddAsync("Ada"), await Some.AddAsync("Bob"));
        Assert.Equal(
            new[] { ada.Id, bob.Id }.SelectMany(id =>
            new[] { (DueKinds.EmbedEntity(active.Id), id), (DueKinds.EmbedEntity(filling.Id), id) }).Order(),
            (await DueAsync()).Select(static work => (work.Kind, work.Subject)).Order());

        var before = await WakesAsync(ada);
        await Some.LinkAsync(ada, bob);
        Assert.Equal(before, await WakesAsync(ada));
        var said = await Some.SayAsync(ada, "Keeps bees");
        Assert.Equal(before + 2, await WakesAsync(ada));
        var edited = ada with { Version = 2, Aliases = ["Countess"] };
        await Some.CommitAsync(new EntityWrite(1, edited), new ObservationAdded(Some.Say(ada, "Has a garden")),
            new ObservationErased(ada.Id, said.Id));
        Assert.Equal(before + 4, await WakesAsync(ada));
        Assert.Equal(2, await WakesAsync(bob));
    }

    [Fact]
    public async Task A_document_is_read_as_the_feed_has_it_and_of_entities_that_are_there_alone()
    {
        var ada = await Some.AddAsync("Ada", "person", new GraphScope("ada"));
        var old = await Some.SayAsync(ada, "Keeps bees");
        await Some.SayAsync(ada, "Has a garden");
        var news = Some.Say(ada, "Keeps ants");
        await Some.CommitAsync(new ObservationAdded(news), new ObservationSuperseded(ada.Id, old.Id, news.Id, Tick()));
        var gone = await Some.AddAsync("Eve");
        await Store.Graph.DeleteEntityAsync(Tenant, gone.Id, 1, Tick());

        var document = Assert.Single(await Store.Graph.ReadDocumentsAsync(Tenant, [ada.Id, gone.Id, "nobody"], default));
        Assert.Equal("Ada. person\nKeeps ants\nHas a garden", document.Turn.Content);
        Assert.Equal(await HeadAsync("ada"), document.Change);
        Assert.Empty(await Store.Graph.ReadDocumentsAsync(NewTenant(), [ada.Id], default));
    }

    [Fact]
    public async Task A_vector_stays_while_nothing_changes_and_goes_with_what_it_was_made_of()
    {
        var space = await OpenAsync(Dimensions);
        var (ada, bob) = (await Some.AddAsync("Ada", scope: new GraphScope("ada")), await Some.AddAsync("Bob"));
        Assert.Empty(await SaveAsync(space, ada, bob));
        Assert.Equal(new DocumentVectorCount(2, 2), await Vectors.CountEntitiesAsync(space, Tenant, default));
        var read = Assert.Single(await ReadAsync(space, ada.Id, "nobody"));
        Assert.Equal((ada.Id, await HeadAsync("ada"), 1), (read.Id, read.Change, Array.IndexOf(read.Vector, 1f)));
        await Some.LinkAsync(ada, bob);
        await Store.ReopenAsync();
        Assert.Single(await ReadAsync(space, ada.Id));

        var former = await ChangeAsync(ada);
        var said = await Some.SayAsync(ada, "Keeps bees");
        Assert.Empty(await ReadAsync(space, ada.Id));
        Assert.Equal(new DocumentVectorCount(1, 2), await Vectors.CountEntitiesAsync(space, Tenant, default));
        Assert.Equal([ada.Id], await Vectors.SaveEntitiesAsync(space, Tenant, [new DocumentVector(ada.Id, former, Vector)], default));
        Assert.Empty(await ReadAsync(space, ada.Id));

        Assert.Empty(await SaveAsync(space, ada));
        Assert.Single(await ReadAsync(space, ada.Id));
        await Some.CommitAsync(new ObservationErased(ada.Id, said.Id));
        Assert.Empty(await ReadAsync(space, ada.Id));
        Assert.Empty(await SaveAsync(space, ada));
        await Some.CommitAsync(new EntityWrite(1, ada with { Version = 2, Name = "Ada L." }));
        Assert.Empty(await ReadAsync(space, ada.Id));
    }

    [Fact]
    public async Task A_deleted_entity_has_no_vector_in_any_space_and_one_made_of_it_before_is_refused()
    {
        var (active, filling) = (await OpenAsync(Dimensions), await OpenAsync(16));
        var ada = await Some.AddAsync("Ada");
        var change = await ChangeAsync(ada);
        await SaveAsync(active, ada);
        await Vectors.SaveEntitiesAsync(filling, Tenant, [new DocumentVector(ada.Id, change, new float[16])], default);
        Assert.Equal(CommitStatus.Committed, (await Store.Graph.DeleteEntityAsync(Tenant, ada.Id, 1, Tick())).Status);

        Assert.Equal([ada.Id], await Vectors.SaveEntitiesAsync(active, Tenant, [new DocumentVector(ada.Id, change, Vector)], default));
        foreach (var space in new[] { active, filling })
        {
            Assert.Empty(await ReadAsync(space, ada.Id));
            Assert.Equal(default, await Vectors.CountEntitiesAsync(space, Tenant, default));
        }
    }

    [Fact]
    public async Task A_space_opened_over_entities_alone_is_filled_with_them()
    {
        var names = new List<string>();
        for (var i = 0; i < 7; i++)
            names.Add((await Some.AddAsync($"Entity {i}", scope: i % 2 == 0 ? GraphScope.Tenant : new GraphScope("ada"))).Id);
        var space = await OpenAsync(Dimensions);
        Assert.Equal((DueKinds.Fill(space.Id), VectorSpaceState.Filling), (Assert.Single(await DueAsync()).Kind, space.State));
        long? cursor = 0;
        for (var rounds = 0; cursor is { } from; rounds++)
        {
            Assert.True(rounds < 5);
            cursor = await Vectors.WakeEntitiesAsync(space.Id, Tenant, from, 3, Tick(), default);
        }

        var woken = (await DueAsync()).Where(work => work.Kind == DueKinds.EmbedEntity(space.Id));
        Assert.Equal(names.Order(StringComparer.Ordinal), woken.Select(static work => work.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_dropped_space_takes_its_entities_vectors_and_their_work_along()
    {
        var old = await OpenAsync(Dimensions);
        var ada = await Some.AddAsync("Ada");
        await SaveAsync(old, ada);
        var next = await OpenAsync(16);
        Assert.True(await Vectors.ActivateAsync(next.Id, default));
        var later = await Some.AddAsync("Later");
        Assert.DoesNotContain(await DueAsync(), work => work.Kind == DueKinds.EmbedEntity(old.Id) && work.Subject == later.Id);
        Assert.Null(await Vectors.WakeEntitiesAsync(old.Id, Tenant, 0, 10, Tick(), default));

        Assert.True(await Vectors.DropSpaceAsync(old.Id, default));
        Assert.DoesNotContain(await DueAsync(), work => work.Kind == DueKinds.EmbedEntity(old.Id));
        Assert.Empty(await ReadAsync(old, ada.Id));
        Assert.Empty(await SaveAsync(old, ada));
    }

    [Fact]
    public async Task Vectors_of_entities_are_their_tenants_alone_and_of_the_spaces_dimensions()
    {
        var space = await OpenAsync(Dimensions);
        var ada = await Some.AddAsync("Ada");
        var change = await ChangeAsync(ada);
        var stranger = NewTenant();
        Assert.Equal([ada.Id], await Vectors.SaveEntitiesAsync(space, stranger, [new DocumentVector(ada.Id, change, Vector)], default));
        await SaveAsync(space, ada);
        Assert.Empty(await Vectors.ReadEntityVectorsAsync(space, stranger, [ada.Id], default));
        Assert.Equal(default, await Vectors.CountEntitiesAsync(space, stranger, default));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Vectors.SaveEntitiesAsync(space, Tenant, [new DocumentVector(ada.Id, change, [1])], default));
    }

    /// <summary>Whichever comes first, no vector of a text stays that is gone.</summary>
    [Fact]
    public async Task Entities_changed_while_their_vectors_are_saved_keep_none_of_the_old_text()
    {
        var space = await OpenAsync(Dimensions);
        for (var round = 0; round < 15; round++)
        {
            var entity = await Some.AddAsync($"Entity {round}");
            var change = await ChangeAsync(entity);
            var saving = Task.Run(async () =>
                await Vectors.SaveEntitiesAsync(space, Tenant, [new DocumentVector(entity.Id, change, Vector)], default));
            await Some.SayAsync(entity, "Something new");
            await saving;
        }

        Assert.Equal(new DocumentVectorCount(0, 15), await Vectors.CountEntitiesAsync(space, Tenant, default));
    }

    private async Task<VectorSpace> OpenAsync(int dimensions) => await Vectors.OpenSpaceAsync(model, dimensions, Tick(), default);

    private async Task<IReadOnlyList<string>> SaveAsync(VectorSpace space, params Entity[] entities)
    {
        var vectors = new List<DocumentVector>();
        foreach (var entity in entities)
            vectors.Add(new DocumentVector(entity.Id, await ChangeAsync(entity), Vector));
        return await Vectors.SaveEntitiesAsync(space, Tenant, vectors, default);
    }

    private async Task<long> ChangeAsync(Entity entity) =>
        (await Store.Graph.ReadDocumentsAsync(Tenant, [entity.Id], default)).Single().Change;

    private async Task<IReadOnlyList<StoredDocumentVector>> ReadAsync(VectorSpace space, params string[] ids) =>
        await Vectors.ReadEntityVectorsAsync(space, Tenant, ids, default);

    private async Task<long> HeadAsync(string user) => await Store.Graph.Documents.HeadAsync(new Feed.PartitionKey(Tenant, user), default);

    private async Task<long> WakesAsync(Entity entity) =>
        (await DueAsync()).Where(work => work.Subject == entity.Id).Sum(static work => work.Wakes);

    private async Task<IReadOnlyList<DueWork>> DueAsync() =>
        (await Store.Due.ListAsync(Tenant, null, "", null, 1_000, default)).Value.Items;
}
