using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Recall.Vectors;
using MemoryOrleans.Memory.Tests.Scheduling;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>How an encoder's vectors come into the index: after their turns, from the store.</summary>
public sealed class RecallIndexVectorsTests
{
    private static readonly PartitionKey Ada = new("acme", "ada");
    private readonly FakeClock clock = new();
    private readonly ScriptedFeed feed = new();
    private readonly InMemoryVectorStore vectors;
    private readonly SpaceBook book;
    private readonly RecallIndex index;

    public RecallIndexVectorsTests()
    {
        var due = new InMemoryDueStore();
        vectors = new InMemoryVectorStore(due);
        book = new SpaceBook(vectors, due, clock);
        index = new RecallIndex(
            feed, WordEmbedder.Small, clock, new RecallIndexLimits(TimeSpan.FromMinutes(30), long.MaxValue),
            new VectorFeed(vectors, book, "letters"));
    }

    [Fact]
    public async Task Vectors_stored_by_this_process_are_in_the_very_next_read()
    {
        var space = await ActiveAsync();
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"), Turns.Said(2, "s", 2, "wine"));
        Assert.Equal(0, (await ReadAsync()).Neural!.Turns);
        await StoreAsync(space, 2);
        index.NoteVectors("acme");
        Assert.Equal(1, (await ReadAsync()).Neural!.Turns);
        await StoreAsync(space, 1);
        index.NoteVectors("elsewhere");
        Assert.Equal(1, (await ReadAsync()).Neural!.Turns);
        index.NoteVectors("acme");
        Assert.Equal(2, (await ReadAsync()).Neural!.Turns);
    }

    [Fact]
    public async Task Those_of_other_processes_are_there_a_second_later()
    {
        var space = await ActiveAsync();
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"));
        await ReadAsync();
        await StoreAsync(space, 1);
        Assert.Equal(0, (await ReadAsync()).Neural!.Turns);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await ReadAsync()).Neural!.Turns);
    }

    [Fact]
    public async Task A_partition_built_late_has_them_at_once_and_a_newly_active_space_takes_the_place_of_the_former()
    {
        var space = await ActiveAsync();
        feed.Commit(Ada, Enumerable.Range(1, 2_500).Select(static i => Turns.Said(i, $"s{i % 3}", ((i - 1) / 3) + 1, "bread")));
        for (var i = 1; i <= 2_500; i++)
            await StoreAsync(space, ((i - 1) / 3) + 1, $"s{i % 3}");
        Assert.Equal(2_500, (await ReadAsync()).Neural!.Turns);

        var next = vectors.Add(VectorSpaceState.Filling);
        await vectors.ActivateAsync(next.Id, default);
        await book.RefreshAsync(default);
        await StoreAsync(next, 7, "s1");
        var neural = (await ReadAsync()).Neural!;
        Assert.Equal((next.Id, 1), (neural.Space.Id, neural.Turns));
    }

    [Fact]
    public async Task Without_an_active_space_of_the_model_nothing_is_looked_for()
    {
        vectors.Add(VectorSpaceState.Filling);
        await book.RefreshAsync(default);
        feed.Commit(Ada, Turns.Said(1, "s", 1, "bread"));
        Assert.Null((await ReadAsync()).Neural);
    }

    private async Task<VectorSpace> ActiveAsync()
    {
        var space = vectors.Add(VectorSpaceState.Active);
        await book.RefreshAsync(default);
        return space;
    }

    private ValueTask<bool> StoreAsync(VectorSpace space, long seq, string session = "s") =>
        vectors.SaveAsync(space, "acme", session, [new TurnVector(seq, $"{session}{seq}", 0, ScriptedEmbedder.VectorOf("bread"))], default);

    private async Task<PartitionSnapshot> ReadAsync() => Assert.Single(await index.ReadAsync("acme", [Ada], default));
}
