using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Vectors of memories: woken by commits, kept while the text stays, gone with it.</summary>
public abstract class MemoryVectorConformance : StoreConformance
{
    private const int Dimensions = 4;
    private static readonly float[] Vector = [0, 1, 0, 0];

    private readonly string model = $"model-{Guid.NewGuid():N}";

    private IVectorStore Vectors => Store.Vectors;

    private SampleMemories Some => new(Tick);

    [Fact]
    public async Task A_commit_that_gives_a_memory_a_text_has_it_embedded_for_every_living_space_and_no_other_commit_does()
    {
        var active = await OpenAsync(Dimensions);
        var filling = await OpenAsync(16);
        var first = Some.New("m", "one");
        await CommitAsync(first, Some.New("candidate", "two") with { Status = MemoryStatus.Candidate });
        Assert.Equal(
            [(DueKinds.EmbedMemory(active.Id), "m"), (DueKinds.EmbedMemory(filling.Id), "m")],
            (await DueAsync()).Select(static work => (work.Kind, work.Subject)).Order());

        var same = Some.Next(first, status: MemoryStatus.Superseded);
        var before = await WakesAsync("m");
        await CommitAsync(same);
        Assert.Equal(before, await WakesAsync("m"));
        await CommitAsync(Some.Next(same, "another"));
        Assert.Equal(before + 2, await WakesAsync("m"));
        Assert.Equal(0, await WakesAsync("candidate"));
    }

    [Fact]
    public async Task A_vector_stays_while_the_text_does_and_goes_with_it()
    {
        var space = await OpenAsync(Dimensions);
        var first = Some.New("m", "one");
        await CommitAsync(first, Some.New("other", "two", userId: null));
        Assert.Empty(await SaveAsync(space, ("m", 1), ("other", 1)));
        Assert.Equal(new DocumentVectorCount(2, 2), await Vectors.CountMemoriesAsync(space, Tenant, default));
        var read = Assert.Single(await Vectors.ReadMemoryVectorsAsync(space, Tenant, ["m", "nobody"], default));
        Assert.Equal(("m", await HeadAsync(), 1), (read.Id, read.Change, Array.IndexOf(read.Vector, 1f)));

        var same = Some.Next(first, status: MemoryStatus.Archived);
        await CommitAsync(same);
        Assert.Equal(await HeadAsync(), Assert.Single(await ReadAsync(space, "m")).Change);
        await Store.ReopenAsync();
        Assert.Single(await ReadAsync(space, "m"));

        var edited = Some.Next(same, "one more");
        await CommitAsync(edited);
        Assert.Empty(await ReadAsync(space, "m"));
        Assert.Equal(new DocumentVectorCount(1, 2), await Vectors.CountMemoriesAsync(space, Tenant, default));
        Assert.Equal(["m"], await SaveAsync(space, ("m", 2)));
        Assert.Empty(await ReadAsync(space, "m"));
        Assert.Empty(await SaveAsync(space, ("m", 3)));
        Assert.Single(await ReadAsync(space, "m"));

        await CommitAsync(Some.Next(edited, status: MemoryStatus.Candidate));
        Assert.Empty(await ReadAsync(space, "m"));
        Assert.Equal(new DocumentVectorCount(1, 1), await Vectors.CountMemoriesAsync(space, Tenant, default));
    }

    [Fact]
    public async Task An_erased_memory_has_no_vector_in_any_space_and_one_made_of_it_before_is_refused()
    {
        var (active, filling) = (await OpenAsync(Dimensions), await OpenAsync(16));
        var first = Some.New("m", "one");
        await CommitAsync(first);
        await SaveAsync(active, ("m", 1));
        await Vectors.SaveMemoriesAsync(filling, Tenant, [new DocumentVector("m", 1, new float[16])], default);

        var erased = Some.Next(first, string.Empty, MemoryStatus.Erased)
            with { Sources = [], Claim = null, Topics = [], Entities = [], Metadata = null };
        Assert.Equal(CommitStatus.Committed,
            await Store.Erasures.RedactMemoryAsync(Tenant, SampleMemories.Write(erased), [first with { Content = "" }], default));

        Assert.Empty(await ReadAsync(active, "m"));
        Assert.Empty(await ReadAsync(filling, "m"));
        Assert.Equal(["m"], await SaveAsync(active, ("m", 1)));
        Assert.Empty(await ReadAsync(active, "m"));
    }

    [Fact]
    public async Task A_redaction_that_leaves_the_text_leaves_its_vector_and_one_that_changes_it_has_it_made_again()
    {
        var space = await OpenAsync(Dimensions);
        var (kept, cut) = (Some.New("kept", "one"), Some.New("cut", "one two"));
        await CommitAsync(kept, cut);
        await SaveAsync(space, ("kept", 1), ("cut", 1));
        var before = await WakesAsync("cut");

        await Store.Erasures.RedactMemoryAsync(Tenant, SampleMemories.Write(Some.Next(kept)), [kept with { Metadata = null }], default);
        await Store.Erasures.RedactMemoryAsync(Tenant, SampleMemories.Write(Some.Next(cut, "one")), [cut with { Content = "one" }],
            default);

        Assert.Single(await ReadAsync(space, "kept"));
        Assert.Empty(await ReadAsync(space, "cut"));
        Assert.Equal(before + 1, await WakesAsync("cut"));
    }

    [Fact]
    public async Task A_space_opened_over_memories_is_filled_with_those_that_recall_may_find()
    {
        await CommitAsync([.. Enumerable.Range(0, 7).Select(i => Some.New($"m{i}", "text", $"user{i % 2}"))]);
        await CommitAsync(Some.New("candidate", "text") with { Status = MemoryStatus.Candidate });
        var space = await OpenAsync(Dimensions);
        Assert.Equal((DueKinds.Fill(space.Id), VectorSpaceState.Filling), (Assert.Single(await DueAsync()).Kind, space.State));
        long? cursor = 0;
        for (var rounds = 0; cursor is { } from; rounds++)
        {
            Assert.True(rounds < 5);
            cursor = await Vectors.WakeMemoriesAsync(space.Id, Tenant, from, 3, Tick(), default);
        }

        var woken = (await DueAsync()).Where(work => work.Kind == DueKinds.EmbedMemory(space.Id));
        Assert.Equal(Enumerable.Range(0, 7).Select(static i => $"m{i}"),
            woken.Select(static work => work.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_dropped_space_takes_its_memories_vectors_and_their_work_along()
    {
        var old = await OpenAsync(Dimensions);
        await CommitAsync(Some.New("m", "one"));
        await SaveAsync(old, ("m", 1));
        var next = await OpenAsync(16);
        Assert.True(await Vectors.ActivateAsync(next.Id, default));
        await CommitAsync(Some.New("later", "two"));
        Assert.DoesNotContain(await DueAsync(), work => work.Kind == DueKinds.EmbedMemory(old.Id) && work.Subject == "later");
        Assert.Null(await Vectors.WakeMemoriesAsync(old.Id, Tenant, 0, 10, Tick(), default));

        Assert.True(await Vectors.DropSpaceAsync(old.Id, default));
        Assert.DoesNotContain(await DueAsync(), work => work.Kind == DueKinds.EmbedMemory(old.Id));
        Assert.Empty(await ReadAsync(old, "m"));
        Assert.Empty(await SaveAsync(old, ("m", 1)));
    }

    [Fact]
    public async Task Vectors_of_memories_are_their_tenants_alone_and_of_the_spaces_dimensions()
    {
        var space = await OpenAsync(Dimensions);
        await CommitAsync(Some.New("m", "one"));
        var stranger = NewTenant();
        Assert.Equal(["m"], await Vectors.SaveMemoriesAsync(space, stranger, [new DocumentVector("m", 1, Vector)], default));
        await SaveAsync(space, ("m", 1));
        Assert.Empty(await Vectors.ReadMemoryVectorsAsync(space, stranger, ["m"], default));
        Assert.Equal(default, await Vectors.CountMemoriesAsync(space, stranger, default));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Vectors.SaveMemoriesAsync(space, Tenant, [new DocumentVector("m", 1, [1])], default));
    }

    /// <summary>Whichever comes first, no vector of a text stays that is gone.</summary>
    [Fact]
    public async Task Memories_edited_while_their_vectors_are_saved_keep_none_of_the_old_text()
    {
        var space = await OpenAsync(Dimensions);
        for (var round = 0; round < 15; round++)
        {
            var first = Some.New($"m{round}", "one");
            await CommitAsync(first);
            var saving = Task.Run(() => SaveAsync(space, (first.Id, 1)));
            await CommitAsync(Some.Next(first, "two"));
            await saving;
        }

        Assert.Equal(0, (await Vectors.CountMemoriesAsync(space, Tenant, default)).Embedded);
    }

    private async Task<VectorSpace> OpenAsync(int dimensions) => await Vectors.OpenSpaceAsync(model, dimensions, Tick(), default);

    private async Task CommitAsync(params MemoryRecord[] memories) => Assert.Equal(
        CommitStatus.Committed,
        await Store.Memories.CommitMemoriesAsync(
        new MemoryCommit(Tenant, [.. memories.Select(static memory => SampleMemories.Write(memory))]), default));

    private async Task<IReadOnlyList<string>> SaveAsync(VectorSpace space, params (string Id, long Version)[] memories) =>
        await Vectors.SaveMemoriesAsync(space, Tenant,
        [.. memories.Select(static each => new DocumentVector(each.Id, each.Version, Vector))], default);

    private async Task<IReadOnlyList<StoredDocumentVector>> ReadAsync(VectorSpace space, params string[] ids) =>
        await Vectors.ReadMemoryVectorsAsync(space, Tenant, ids, default);

    private async Task<long> HeadAsync() => await Store.Memories.MemoryFeed.HeadAsync(new Feed.PartitionKey(Tenant, "ada"), default);

    private async Task<long> WakesAsync(string id) => (await DueAsync()).Where(work => work.Subject == id).Sum(static work => work.Wakes);

    private async Task<IReadOnlyList<DueWork>> DueAsync() =>
        (await Store.Due.ListAsync(Tenant, null, "", null, 1_000, default)).Value.Items;
}
