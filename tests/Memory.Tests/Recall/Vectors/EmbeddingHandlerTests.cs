using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Memory.Tests.Scheduling;
using MemoryOrleans.Memory.Tests.Sessions;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Vectors;

public sealed class EmbeddingHandlerTests
{
    private readonly FakeClock clock = new();
    private readonly InMemoryDueStore due = new();
    private readonly ScriptedStore sessions = new();
    private readonly ScriptedEmbedder embedder = new();
    private readonly InMemoryVectorStore vectors;
    private readonly VectorSpace space;
    private readonly EmbeddingHandler handler;

    public EmbeddingHandlerTests()
    {
        vectors = new InMemoryVectorStore(due);
        space = vectors.Add(VectorSpaceState.Active);
        handler = new EmbeddingHandler(sessions, vectors, embedder, new SpaceBook(vectors, due, clock), clock, TimeSpan.FromSeconds(45));
    }

    private DueWorkRunner Run => new(due, clock, static () => 0, new DueLimits { AttemptsMax = 2 });

    [Fact]
    public async Task Short_turns_of_many_sessions_go_to_the_embedder_in_one_call()
    {
        for (var i = 0; i < 30; i++)
            await SayAsync($"s{i}", "a word", "and another");
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Equal(60, Assert.Single(embedder.Calls).Count);
        Assert.Equal(60, vectors.Saved.Count);
        Assert.Empty(due.Works);
    }

    [Fact]
    public async Task A_long_session_is_embedded_slice_by_slice_each_turn_once()
    {
        await SayAsync("s", [.. Enumerable.Range(0, 700).Select(static i => $"turn {i}")]);
        var rounds = 0;
        while (due.Works.Count > 0)
        {
            await Run.RunAsync(handler, 0, CancellationToken.None);
            Assert.True(++rounds < 10);
        }

        Assert.Equal(700, vectors.Saved.Count);
        Assert.All(vectors.Saves.Values, static saves => Assert.Equal(1, saves));
    }

    [Fact]
    public async Task An_encoder_reads_each_turn_with_the_one_before_it_across_slices_too()
    {
        embedder.RanksInIndex = true;
        await SayAsync("s", [.. Enumerable.Range(1, 150).Select(static i => $"turn {i}")]);
        for (var rounds = 0; due.Works.Count > 0; rounds++)
        {
            Assert.True(rounds < 5);
            await Run.RunAsync(handler, 0, CancellationToken.None);
        }

        var contexts = embedder.Calls.SelectMany(static texts => texts)
            .Where(static text => text.StartsWith("user: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("user: turn 1", contexts[0]);
        Assert.Equal(Enumerable.Range(2, 149).Select(static i => $"user: turn {i - 1}\nuser: turn {i}"), contexts.Skip(1));
        Assert.Equal(300, embedder.Calls.Sum(static texts => texts.Count));
        Assert.All(vectors.Saves.Values, static saves => Assert.Equal(2, saves));
    }

    [Fact]
    public async Task After_an_erasure_the_turn_that_lost_its_vectors_alone_is_embedded_again_without_what_was_erased()
    {
        embedder.RanksInIndex = true;
        sessions.Put(
            "acme", new Session("s", null, null, SessionStatus.Open, 4, 1, clock.GetUtcNow(), clock.GetUtcNow()),
            [Turns.Of("s", 1, "one"), Turns.Of("s", 3, "three"), Turns.Of("s", 4, "four")]);
        foreach (var seq in new[] { 1, 4 })
            await vectors.SaveAsync(space, "acme", "s", [new TurnVector(seq, $"{seq}", 0, new float[26])], default);
        await due.WakeAsync("acme", DueKinds.Embed(space.Id), "s", clock.GetUtcNow(), default);
        var claimed = Assert.Single(await due.ClaimAsync([DueKinds.EmbedPrefix], 1, clock.GetUtcNow(), TimeSpan.FromSeconds(60), default));
        await due.PostponeAsync(claimed, 2, clock.GetUtcNow(), clock.GetUtcNow(), default);
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Equal(["user: three", "three"], Assert.Single(embedder.Calls));
        Assert.Empty(due.Works);
    }

    [Fact]
    public async Task News_are_embedded_in_the_second_batch_however_long_the_backlog_and_that_gets_on_all_the_same()
    {
        embedder.RanksInIndex = true;
        for (var i = 0; i < 40; i++)
            await SayAsync($"old{i:00}", [.. Enumerable.Range(1, 30).Select(static i => $"turn {i}")]);
        await Run.RunAsync(handler, 0, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        await SayAsync("news", "just said");
        for (var batch = 0; batch < 2; batch++)
            await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Contains(vectors.Saved.Keys, static key => key.Session == "news");
        Assert.True(vectors.Saved.Keys.Count(static key => key.Session == "old00") > 8);
    }

    [Fact]
    public async Task What_a_slow_encoder_has_no_time_for_comes_in_the_next_batches_and_every_batch_gets_on()
    {
        embedder.RanksInIndex = true;
        embedder.Begins = () => clock.Advance(TimeSpan.FromSeconds(3));
        for (var session = 0; session < 3; session++)
            await SayAsync($"s{session}",
                [.. Enumerable.Range(1, 20)
                .Select(static i => $"turn {i}. {string.Concat(Enumerable.Repeat("Some more of it is said here too. ", 8))}")]);
        var left = 60;
        for (var rounds = 0; due.Works.Count > 0; rounds++)
        {
            await Run.RunAsync(handler, 0, CancellationToken.None);
            Assert.True(60 - vectors.Saved.Count < left || due.Works.Count == 0);
            left = 60 - vectors.Saved.Count;
        }

        Assert.Equal(0, left);
        Assert.All(embedder.Calls, static texts => Assert.InRange(texts.Count, 1, 16));
    }

    [Fact]
    public async Task A_long_turn_is_cut_at_sentences_and_what_has_none_by_length()
    {
        var sentence = string.Join(' ', Enumerable.Repeat("word", 100)) + ". ";
        await SayAsync("s", string.Concat(Enumerable.Repeat(sentence, 5)), new string('x', 9_001), "   ");
        await Run.RunAsync(handler, 0, CancellationToken.None);
        var texts = Assert.Single(embedder.Calls);
        Assert.Equal(6, texts.Count);
        Assert.All(texts.Take(3), static text => Assert.EndsWith(".", text, StringComparison.Ordinal));
        Assert.Equal([4_000, 4_000, 1_001], texts.Skip(3).Select(static text => text.Length));
        Assert.Empty(due.Works);
    }

    [Fact]
    public async Task A_text_refused_for_good_is_found_and_costs_its_neighbours_nothing()
    {
        embedder.Fails = static texts => texts.Any(static text => text.Contains("poison", StringComparison.Ordinal))
            ? new EmbedderException("refused", isPassing: false)
            : null;
        for (var i = 0; i < 40; i++)
            await SayAsync($"s{i}", "one", i == 17 ? "poison" : "two", "three");
        await Run.RunAsync(handler, 0, CancellationToken.None);
        var work = Assert.Single(due.Works);
        Assert.Equal(("s17", 1L, "refused"), (work.Subject, work.Cursor, work.LastError));
        Assert.Equal(119, vectors.Saved.Count);
        Assert.True(embedder.Calls.Count < 20, $"{embedder.Calls.Count} calls");

        clock.Advance(TimeSpan.FromMinutes(1));
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Equal(DueState.Dead, Assert.Single(due.Works).State);
    }

    [Fact]
    public async Task A_refused_first_turn_is_tried_again_though_later_turns_could_be_embedded()
    {
        embedder.Fails = static texts => texts.Contains("poison") ? new EmbedderException("refused", isPassing: false) : null;
        await SayAsync("s", "poison", "two");
        await Run.RunAsync(handler, 0, CancellationToken.None);
        embedder.Fails = static _ => null;
        clock.Advance(TimeSpan.FromMinutes(1));
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Empty(due.Works);
        Assert.Equal(2, vectors.Saved.Count);
    }

    [Fact]
    public async Task When_every_text_is_refused_the_rest_are_not_tried_one_by_one()
    {
        embedder.Fails = static _ => new EmbedderException("no such model", isPassing: false);
        for (var i = 0; i < 60; i++)
            await SayAsync($"s{i}", "one", "two", "three");
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Equal(60, due.Works.Count);
        Assert.True(embedder.Calls.Count < 20, $"{embedder.Calls.Count} calls");
    }

    [Fact]
    public async Task An_embedder_that_takes_too_long_fails_in_passing()
    {
        embedder.Holds = new TaskCompletionSource().Task;
        await SayAsync("s", "one");
        var late = new EmbeddingHandler(sessions, vectors, embedder, new SpaceBook(vectors, due, clock), clock, TimeSpan.Zero);
        for (var i = 0; i < 4; i++)
        {
            await Run.RunAsync(late, i, CancellationToken.None);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        var work = Assert.Single(due.Works);
        Assert.Equal((DueState.Ready, "The embedder took too long."), (work.State, work.LastError));
    }

    [Fact]
    public async Task Work_of_a_space_that_is_gone_is_finished()
    {
        await due.WakeAsync("acme", DueKinds.Embed(99), "s", clock.GetUtcNow(), CancellationToken.None);
        await Run.RunAsync(handler, 0, CancellationToken.None);
        Assert.Empty(due.Works);
        Assert.Empty(embedder.Calls);
    }

    [Fact]
    public void Whatever_happens_every_turn_is_embedded_in_the_end_and_no_session_by_two_at_once() =>
        Prop.ForAll(Gen.Choose(0, 7).ListOf().Resize(60).ToArbitrary(), static steps => new EmbeddingHandlerTests().Replay([.. steps]))
        .Check(
            SameCases.Quick.WithMaxTest(200).WithEndSize(80));

    // 0..2: a session says something; 3: a batch; 4: a batch whose process dies before it ends; 5: the embedder fails or recovers; 6: a
    // minute
    // passes; 7: a batch during which a session says something and another process looks for work.
    private void Replay(int[] steps)
    {
        var said = new Dictionary<string, int>();
        var atWork = new HashSet<string>();
        var watched = new WatchedHandler(handler, atWork);
        foreach (var step in steps)
        {
            switch (step)
            {
                case <= 2:
                    Say($"s{step}");
                    break;
                case 3:
                    Wait(Run.RunAsync(watched, 0, CancellationToken.None));
                    break;
                case 4:
                    Wait(due.ClaimAsync([DueKinds.EmbedPrefix], 2, clock.GetUtcNow(), TimeSpan.FromSeconds(60), CancellationToken.None)
                        .AsTask());
                    break;
                case 5:
                    var fails = embedder.Fails([]) is null;
                    embedder.Fails = _ => fails ? new EmbedderException("away", isPassing: true) : null;
                    break;
                case 6:
                    clock.Advance(TimeSpan.FromMinutes(1));
                    break;
                default:
                    watched.Meanwhile = () =>
                    {
                        watched.Meanwhile = null;
                        Say("s0");
                        Wait(Run.RunAsync(watched, 0, CancellationToken.None));
                    };
                    Wait(Run.RunAsync(watched, 0, CancellationToken.None));
                    watched.Meanwhile = null;
                    break;
            }
        }

        embedder.Fails = static _ => null;
        for (var i = 0; i < 100 && due.Works.Count > 0; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Wait(Run.RunAsync(watched, 0, CancellationToken.None));
        }

        Assert.Empty(due.Works);
        Assert.Equal(said.Values.Sum(), vectors.Saved.Count);
        Assert.All(vectors.Saves.Values, static saves => Assert.Equal(1, saves));

        void Say(string session)
        {
            said[session] = said.GetValueOrDefault(session) + 1;
            Put(session, [.. Enumerable.Range(0, said[session]).Select(static i => $"turn {i}")]);
            Wait(due.WakeAsync("acme", DueKinds.Embed(space.Id), session, clock.GetUtcNow(), CancellationToken.None).AsTask());
        }
    }

    private static void Wait(Task task)
    {
        Assert.True(task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    private async Task SayAsync(string session, params string[] contents)
    {
        Put(session, contents);
        await due.WakeAsync("acme", DueKinds.Embed(space.Id), session, clock.GetUtcNow(), CancellationToken.None);
    }

    private void Put(string session, string[] contents) => sessions.Put(
        "acme", new Session(session, null, null, SessionStatus.Open, contents.Length, 1, clock.GetUtcNow(), clock.GetUtcNow()),
        contents.Select((content, i) => Turns.Of(session, i + 1, content)));

    private sealed class WatchedHandler(EmbeddingHandler inner, HashSet<string> atWork) : IDueHandler
    {
        public Action? Meanwhile { get; set; }

        public string KindPrefix => inner.KindPrefix;

        public int BatchMax => inner.BatchMax;

        public async Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel)
        {
            Assert.All(works, work => Assert.True(atWork.Add(work.Subject)));
            var outcomes = await inner.RunAsync(works, cancel);
            Meanwhile?.Invoke();
            Assert.All(works, work => Assert.True(atWork.Remove(work.Subject)));
            return outcomes;
        }
    }
}
