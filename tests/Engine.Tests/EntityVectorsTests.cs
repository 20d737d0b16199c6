using MemoryOrleans.Embeddings;
using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Engine.Tests;

/// <summary>Entities under an encoder that ranks in the index: their vectors are made by due work and kept in the store.</summary>
public sealed class EntityVectorsTests
{
    private const string Tenant = "acme";
    private const string Question = "Who has a pet?";

    [Fact]
    public async Task An_entity_is_found_by_what_it_means_and_after_a_change_by_what_it_means_then()
    {
        await using var under = await EngineOnSqlite.StartAsync(textEmbedder: new TopicEmbedder());
        var ann = await AddAsync(under, "Ann", "Trains a beagle");
        var bob = await AddAsync(under, "Bob", "Repairs grandfather clocks");
        await AddAsync(under, "Cid", "Sails across the bay");

        var found = await UntilAsync(under, found => MeaningOf(found, ann).Context > 0);
        Assert.Equal(ann, found.Items[0].Entity.Id);
        Assert.Equal(MeaningOf(found, ann).Context, MeaningOf(found, ann).Piece);
        Assert.Equal("topics", found.Items[0].Explanation!.VectorModel);
        Assert.All(found.Items, static item => Assert.Equal(item.Score, SumOf(item.Explanation!), 1e-5));

        await SayAsync(under, bob, "Has a parrot that barks like a beagle");
        found = await UntilAsync(under, found => MeaningOf(found, bob).Context > 0);
        Assert.Contains(found.Items, item => item.Entity.Id == ann);
    }

    [Fact]
    public async Task A_process_that_starts_anew_finds_the_vectors_in_the_store_and_embeds_no_entity_again()
    {
        var embedder = new TopicEmbedder();
        await using var under = await EngineOnSqlite.StartAsync(textEmbedder: embedder);
        var ann = await AddAsync(under, "Ann", "Trains a beagle", ["Annabel"]);
        await AddAsync(under, "Bob", "Repairs grandfather clocks");
        var before = await UntilAsync(under, found => MeaningOf(found, ann).Context > 0);
        Assert.Equal(new DocumentVectorCount(2, 2), Assert.Single(await under.Host.Embeddings.ListAsync(Tenant, default)).Entities);
        Assert.Contains("Ann. person. Annabel\nTrains a beagle", embedder.Stored);

        var texts = embedder.Stored.Count(static text => text.Contains("person", StringComparison.Ordinal));
        await under.RestartAsync();
        var after = await UntilAsync(under, found => MeaningOf(found, ann).Context > 0);
        Assert.Equal(before.Items.Select(static item => (item.Entity.Id, item.Score)),
            after.Items.Select(static item => (item.Entity.Id, item.Score)));
        Assert.Equal(texts, embedder.Stored.Count(static text => text.Contains("person", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_the_question_has_no_vector_entities_are_ranked_without_and_the_answer_says_so()
    {
        var embedder = new TopicEmbedder();
        await using var under = await EngineOnSqlite.StartAsync(textEmbedder: embedder);
        var ann = await AddAsync(under, "Ann", "Trains a beagle");
        await AddAsync(under, "Bob", "Repairs grandfather clocks");
        await UntilAsync(under, found => MeaningOf(found, ann).Context > 0 && found.Degraded.Count == 0);
        embedder.RefusesQuestions = true;
        var found = await AskAsync(under, "Whose beagle is trained?");
        Assert.Equal(["embedder"], found.Degraded);
        Assert.Equal(ann, found.Items[0].Entity.Id);
        Assert.Null(found.Items[0].Explanation!.VectorModel);
    }

    private static double SumOf(ScoreExplanation why) =>
        why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + why.Quote
        + (why.Meaning is { } meant ? meant.Piece + meant.Context + meant.StandIn + meant.Window + meant.Date : 0);

    private static MeaningExplanation MeaningOf(EntitySearchResult found, string id) =>
        found.Items.SingleOrDefault(item => item.Entity.Id == id)?.Explanation?.Meaning ?? new MeaningExplanation(0, 0, 0, 0, 0);

    private static Task<EntitySearchResult> UntilAsync(EngineOnSqlite under, Func<EntitySearchResult, bool> holds) =>
        Eventually.SeesAsync(() => AskAsync(under, Question), holds, what: "the search is as it should be");

    private static async Task<EntitySearchResult> AskAsync(EngineOnSqlite under, string question) =>
        (await under.Host.Entities.SearchAsync(new EntityQuery(Tenant, question, 10, Explain: true), CancellationToken.None)).Value;

    private static async Task<string> AddAsync(EngineOnSqlite under, string name, string observation, IReadOnlyList<string>? aliases = null)
    {
        var draft = new EntityDraft(name, "person", GraphScope.Tenant, null) { Aliases = aliases ?? [] };
        var entity = (await under.Host.Graph.UpsertEntityAsync(Tenant, draft, CancellationToken.None)).Value.Entity;
        await SayAsync(under, entity.Id, observation);
        return entity.Id;
    }

    private static async Task SayAsync(EngineOnSqlite under, string entity, string content)
    {
        var said = await under.Host.Graph.AddObservationsAsync(Tenant, [new ObservationDraft(entity, content, [])], CancellationToken.None);
        Assert.True(said.IsSuccess);
    }

    /// <summary>Knows what is about pets.</summary>
    private sealed class TopicEmbedder : ITextEmbedder
    {
        private readonly Lock gate = new();
        private readonly List<string> stored = [];

        public string Model => "topics";

        public int? Dimensions => null;

        public bool RanksInIndex => true;

        public EmbedderState State => EmbedderState.Unknown;

        public bool RefusesQuestions { get; set; }

        public IReadOnlyList<string> Stored
        {
            get
            {
                lock (gate)
                    return [.. stored];
            }
        }

        public ValueTask<IReadOnlyList<float[]>> EmbedAsync(
            string model, int? dimensions, IReadOnlyList<string> texts, TextRole role, CancellationToken cancel)
        {
            if (role == TextRole.Question && RefusesQuestions)
                throw new EmbedderException("Not now.", isPassing: true);
            lock (gate)
                stored.AddRange(role == TextRole.Stored ? texts : []);
            return new([.. texts.Select(VectorOf)]);
        }

        private static float[] VectorOf(string text) =>
            text.Contains("pet", StringComparison.Ordinal) || text.Contains("beagle", StringComparison.Ordinal)
            ? [1, 0, 0, 0] : [0, 0, 0.6f, 0.8f];
    }
}
