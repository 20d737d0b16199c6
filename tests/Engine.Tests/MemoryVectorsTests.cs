using MemoryOrleans.Embeddings;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Engine.Tests;

/// <summary>
/// Memories beside turns under an encoder that ranks in the index: their vectors are made by due work and kept in the store.
/// </summary>
public sealed class MemoryVectorsTests
{
    private const string Tenant = "acme";
    private const string First = "Ann keeps a beagle.";
    private const string Second = "Ann repairs grandfather clocks.";
    private static readonly DateTimeOffset May = new(2025, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Said = ["The train was late", "Rain again all day", "We had soup", "A puppy barked in the yard"];

    [Fact]
    public async Task A_memory_is_ranked_by_a_stand_in_then_by_its_vector_and_after_an_edit_by_that_of_the_new_text()
    {
        using var late = new CancellationTokenSource(Deadline);
        var embedder = new TopicEmbedder();
        await using var under = await StartAsync(embedder, late.Token);
        var stored = await WriteAsync(under, "mine", First);
        await WriteAsync(under, "other", Second);

        var before = await AskAsync(under);
        Assert.Equal(0, MeaningOf(before, "mine").Context);
        Assert.NotEqual(0, MeaningOf(before, "mine").StandIn);
        Assert.Empty(before.Degraded);
        embedder.Released.SetResult();
        var with = await UntilAsync(under, static found => MeaningOf(found, "mine").Context > 0);
        Assert.Equal(0, MeaningOf(with, "mine").StandIn);
        Assert.Equal(MeaningOf(with, "mine").Context, MeaningOf(with, "mine").Piece);
        Assert.Equal("mine", with.Items[0].Id);
        foreach (var item in with.Items)
            Assert.Equal(item.Score, SumOf(item.Explanation!), 1e-5);

        var changed = MemoryVersions.Next(stored, stored with { Content = Second }, MemoryChange.Edited, "op-edit", May.AddHours(2));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitMemoriesAsync(new MemoryCommit(Tenant, [changed]), default));
        var edited = await UntilAsync(under, found => found.Items.All(static item => item.Id != "mine" || item.Content == Second)
            && embedder.Texts.Count(static text => text == Second) == 2 && MeaningOf(found, "mine") is { StandIn: 0 });
        Assert.Equal(0, MeaningOf(edited, "mine").Context);
    }

    [Fact]
    public async Task Where_a_user_has_no_turns_memories_alone_are_ranked_by_their_vectors()
    {
        using var late = new CancellationTokenSource(Deadline);
        var embedder = new TopicEmbedder();
        embedder.Released.SetResult();
        await using var under = await StartAsync(embedder, late.Token);
        await WriteAsync(under, "mine", First, "bob");
        await WriteAsync(under, "other", Second, "bob");
        var found = await UntilAsync(under, static found => MeaningOf(found, "mine").Context > 0, "bob");
        Assert.Equal("mine", found.Items[0].Id);
    }

    [Fact]
    public async Task An_encoder_that_fails_on_memories_costs_no_recall()
    {
        using var late = new CancellationTokenSource(Deadline);
        var embedder = new TopicEmbedder { Fails = static text => text == First };
        embedder.Released.SetResult();
        await using var under = await StartAsync(embedder, late.Token);
        await WriteAsync(under, "mine", First);
        await AskAsync(under);
        await Eventually.HoldsAsync(() => embedder.Texts.Contains(First));
        var found = await AskAsync(under);
        Assert.Contains(found.Items, static item => item.Id == "mine");
        Assert.Empty(found.Degraded);
        Assert.Equal(0, MeaningOf(found, "mine").Context);
    }

    [Fact]
    public async Task A_process_that_starts_anew_finds_the_vectors_in_the_store_and_embeds_no_memory_again()
    {
        using var late = new CancellationTokenSource(Deadline);
        var embedder = new TopicEmbedder();
        embedder.Released.SetResult();
        await using var under = await StartAsync(embedder, late.Token);
        await WriteAsync(under, "mine", First);
        await WriteAsync(under, "other", Second);
        var before = await UntilAsync(under, static found => MeaningOf(found, "mine").Context > 0
            && MeaningOf(found, "other").StandIn == 0);
        var space = Assert.Single(await under.Host.Embeddings.ListAsync(Tenant, late.Token));
        Assert.Equal(new DocumentVectorCount(2, 2), space.Memories);

        var texts = embedder.Texts.Count(static text => text is First or Second);
        await under.RestartAsync();
        var after = await UntilAsync(under, static found => MeaningOf(found, "mine").Context > 0);
        SameRanking.Check(before.Items, after.Items);
        Assert.Equal(texts, embedder.Texts.Count(static text => text is First or Second));
    }

    [Fact]
    public async Task A_version_that_says_the_same_made_while_the_text_is_embedded_has_its_vector_all_the_same()
    {
        using var late = new CancellationTokenSource(Deadline);
        var embedder = new TopicEmbedder();
        await using var under = await StartAsync(embedder, late.Token);
        var stored = await WriteAsync(under, "mine", First);
        await embedder.Held.Task.WaitAsync(late.Token);
        var marked = MemoryVersions.Next(stored, stored with { Metadata = """{"a":1}""" }, MemoryChange.Edited, "op-mark", May.AddHours(2));
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitMemoriesAsync(new MemoryCommit(Tenant, [marked]), default));
        embedder.Released.SetResult();
        await UntilAsync(under, static found => MeaningOf(found, "mine").Context > 0);
    }

    private static double SumOf(ScoreExplanation why) =>
        why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + why.Quote
        + (why.Tier?.Part ?? 0) + (why.Meaning is { } meant ? meant.Piece + meant.Context + meant.StandIn + meant.Window + meant.Date : 0);

    private static MeaningExplanation MeaningOf(RecallResult found, string id) =>
        found.Items.SingleOrDefault(item => item.Id == id)?.Explanation?.Meaning ?? new MeaningExplanation(0, 0, 0, 0, 0);

    private static async Task<EngineOnSqlite> StartAsync(TopicEmbedder embedder, CancellationToken cancel)
    {
        var under = await EngineOnSqlite.StartAsync(textEmbedder: embedder);
        var turns = Said.Select(static content => new TurnDraft(null, "user", "Ann", content, May, null)).ToArray();
        await under.Host.Sessions.AppendAsync(new AppendCommand(new SessionKey(Tenant, "s"), "ann", null, turns), cancel);
        await UntilAsync(under, static found => found.Items.Any(static item => item.Explanation?.Meaning is { Context: > 0 }));
        return under;
    }

    private static Task<RecallResult> UntilAsync(EngineOnSqlite under, Func<RecallResult, bool> holds, string user = "ann") =>
        Eventually.SeesAsync(() => AskAsync(under, user), holds, what: "the recall is as it should be");

    private static async Task<RecallResult> AskAsync(EngineOnSqlite under, string user = "ann") =>
        (await under.Host.Recall.RecallAsync(new RecallQuery(Tenant, "Ann's pet", 10, UserId: user) { Explain = true },
        CancellationToken.None)).Value;

    private static async Task<MemoryRecord> WriteAsync(EngineOnSqlite under, string id, string content, string user = "ann")
    {
        var draft = new MemoryDraft("preference", content, new MemoryOwner(user)) { ValidFrom = May };
        var made = WriteMemory.Write(draft, id, $"op-{id}", May.AddHours(1)).Value;
        Assert.Equal(CommitStatus.Committed, await under.Store.CommitMemoriesAsync(new MemoryCommit(Tenant, [made]), default));
        return made.After;
    }

    /// <summary>Knows what is about pets; memories it embeds only once released.</summary>
    private sealed class TopicEmbedder : ITextEmbedder
    {
        private readonly Lock gate = new();
        private readonly List<string> texts = [];

        public string Model => "topics";

        public int? Dimensions => null;

        public bool RanksInIndex => true;

        public EmbedderState State => EmbedderState.Unknown;

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<string, bool> Fails { get; init; } = static _ => false;

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (gate)
                    return [.. texts];
            }
        }

        public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(
            string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
        {
            if (role == TextRole.Stored && texts.Any(static text => text is First or Second))
            {
                Held.TrySetResult();
                await Released.Task.WaitAsync(cancel);
            }

            lock (gate)
                this.texts.AddRange(texts);
            return texts.Any(Fails) ? throw new EmbedderException("Not this one.", isPassing: true) : [.. texts.Select(VectorOf)];
        }

        private static float[] VectorOf(string text)
        {
            var isPet = text.Contains("pet", StringComparison.Ordinal) || text.Contains("beagle", StringComparison.Ordinal);
            return isPet ? [1, 0, 0, 0] : text.Contains("puppy", StringComparison.Ordinal) ? [0.6f, 0.8f, 0, 0] : [0, 0, 0.6f, 0.8f];
        }
    }
}
