using MemoryOrleans.Memory.Tests.Scheduling;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Memory.Tests.Recall.Vectors;

public sealed class SpaceFillHandlerTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(3, 0, 600)]
    [InlineData(0, 1_001, 2)]
    [InlineData(1_200, 700, 501)]
    public async Task Every_session_and_then_every_memory_and_every_entity_is_woken_once(int sessions, int memories, int entities)
    {
        var (clock, due) = (new FakeClock(), new InMemoryDueStore());
        var vectors = new InMemoryVectorStore(due);
        var space = vectors.Add(VectorSpaceState.Filling);
        vectors.Sessions.AddRange(Enumerable.Range(0, sessions).Select(static i => $"s{i}"));
        vectors.Memories.AddRange(Enumerable.Range(0, memories).Select(static i => $"m{i}"));
        vectors.Entities.AddRange(Enumerable.Range(0, entities).Select(static i => $"e{i}"));
        await due.WakeAsync("acme", DueKinds.Fill(space.Id), string.Empty, clock.GetUtcNow(), CancellationToken.None);

        var fill = new SpaceFillHandler(vectors, new SpaceBook(vectors, due, clock), clock);
        var run = new DueWorkRunner(due, clock, static () => 0, new DueLimits());
        for (var rounds = 0; due.Works.Any(work => work.Kind == DueKinds.Fill(space.Id)); rounds++)
        {
            Assert.True(rounds < 10);
            await run.RunAsync(fill, 0, CancellationToken.None);
        }

        Assert.Equal(vectors.Sessions.Order(StringComparer.Ordinal), SubjectsOf(due, DueKinds.Embed(space.Id)));
        Assert.Equal(vectors.Memories.Order(StringComparer.Ordinal), SubjectsOf(due, DueKinds.EmbedMemory(space.Id)));
        Assert.Equal(vectors.Entities.Order(StringComparer.Ordinal), SubjectsOf(due, DueKinds.EmbedEntity(space.Id)));
        Assert.All(due.Works, static work => Assert.Equal(1, work.Wakes));
    }

    private static IEnumerable<string> SubjectsOf(InMemoryDueStore due, string kind) =>
        due.Works.Where(work => work.Kind == kind).Select(static work => work.Subject).Order(StringComparer.Ordinal);
}
