using MemoryOrleans.Embeddings;
using MemoryOrleans.Graph;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Memory.Tests.Sessions;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Graph;

public sealed class EntitySearchTests : IDisposable
{
    private const string Tenant = "acme";
    private readonly GraphInMemory store = new();
    private readonly FakeClock clock = new();
    private readonly KnowledgeGraph graph;
    private readonly EntitySearch search;
    private int ids;

    public EntitySearchTests()
    {
        graph = new KnowledgeGraph(store, new ScriptedStore(), clock, () => $"id{++ids:0000}");
        search = new EntitySearch(IndexOf(new NoEmbedder(), EntitySearch.HiddenShareMax), store, new NoEmbedder(), clock, concurrency: 1);
    }

    [Fact]
    public async Task An_entity_is_found_by_name_type_and_what_is_known_of_it_in_the_very_next_search()
    {
        await AddAsync("Zephyr", "sailboat", "was repaired in Lisbon");
        Assert.Equal(["Zephyr"], await NamesAsync("zephyr"));
        Assert.Equal(["Zephyr"], await NamesAsync("sailboats"));
        Assert.Equal(["Zephyr"], await NamesAsync("Lisbon"));
        Assert.Empty(await NamesAsync("January"));
    }

    [Fact]
    public async Task What_is_superseded_or_deleted_is_not_found_any_more()
    {
        var id = await AddAsync("Zephyr", "sailboat", "was repaired in Lisbon");
        Assert.Single(await NamesAsync("Lisbon"));
        var old = store.Observations[0].Id;
        await graph.AddObservationsAsync(Tenant, [new ObservationDraft(id, "was sunk off Faro", [], Supersedes: old)], default);
        Assert.Empty(await NamesAsync("Lisbon"));
        Assert.Single(await NamesAsync("Faro"));
        await graph.DeleteEntityAsync(Tenant, id, null, default);
        Assert.Empty(await NamesAsync("Faro"));
    }

    [Fact]
    public async Task Matching_observations_come_best_first_and_the_others_stay_away()
    {
        await AddAsync("Zephyr", "sailboat", "has red sails", "was repaired in Lisbon", "was repaired by Ada in Lisbon harbour");
        var found = (await FindAsync(new EntityQuery(Tenant, "Lisbon harbour", 10, Explain: true)))[0];
        Assert.Equal(["was repaired by Ada in Lisbon harbour", "was repaired in Lisbon"],
            found.Matches.Select(static match => match.Observation.Content));
        Assert.True(found.Matches[0].Relevance > found.Matches[1].Relevance);
        var parts = found.Explanation!;
        Assert.Equal(found.Score, parts.Lexical + parts.Vector + parts.Smoothing + parts.SessionPrior + parts.Subject, 6);
    }

    [Fact]
    public async Task A_first_person_question_makes_no_difference()
    {
        await AddAsync("Zephyr", "user", "sails");
        Assert.Equal(1.0, (await FindAsync(new EntityQuery(Tenant, "my zephyr", 10, Explain: true)))[0].Explanation!.SubjectMultiplier);
    }

    [Fact]
    public async Task Type_user_and_agent_choose()
    {
        await AddAsync("boat a", "boat");
        await AddAsync("boat b", "ship");
        await AddAsync("boat c", "boat", scope: new GraphScope("ada"));
        await AddAsync("boat d", "boat", scope: new GraphScope("bob", "pilot"));
        Assert.Equal(["boat a", "boat b", "boat c", "boat d"], (await NamesAsync("boat")).Order(StringComparer.Ordinal));
        Assert.Equal(["boat a", "boat c"], (await NamesAsync("boat", type: "boat", user: "ada")).Order(StringComparer.Ordinal));
        Assert.Equal(["boat a", "boat b"], (await NamesAsync("boat", user: "bob", agent: "cook")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task However_often_entities_change_the_ranking_is_that_of_an_index_built_anew()
    {
        var names = Enumerable.Range(0, 40).Select(static i => $"boat {i}").ToArray();
        var made = new List<string>();
        foreach (var name in names)
            made.Add(await AddAsync(name, "boat", "sails the sea"));
        var question = new EntityQuery(Tenant, "harbour sea 7", 20);
        var index = IndexOf(WordEmbedder.Small, EntitySearch.HiddenShareMax);
        using var lived = new EntitySearch(index, store, WordEmbedder.Small, clock, 1);
        await lived.SearchAsync(question, default);
        for (var round = 0; round < 3; round++)
        {
            for (var i = round; i < made.Count; i += 3)
                await graph.AddObservationsAsync(Tenant, [new ObservationDraft(made[i], $"was seen in harbour {round} {i}", [])], default);
            var expected = await lived.SearchAsync(question, default);
            using var fresh = new EntitySearch(IndexOf(WordEmbedder.Small, hiddenShareMax: 0), store, WordEmbedder.Small, clock, 1);
            Assert.Equal(Shown(await fresh.SearchAsync(question, default)), Shown(expected));
            Assert.Equal(made.Count, index.Size.Turns);
        }
    }

    public void Dispose() => search.Dispose();

    private async Task<string> AddAsync(string name, string type, params string[] observations) =>
        await AddAsync(name, type, GraphScope.Tenant, observations);

    private async Task<string> AddAsync(string name, string type, GraphScope scope, params string[] observations)
    {
        var id = (await graph.UpsertEntityAsync(Tenant, new EntityDraft(name, type, scope, null), default)).Value.Entity.Id;
        if (observations.Length > 0)
            await graph.AddObservationsAsync(Tenant, [.. observations.Select(content => new ObservationDraft(id, content, []))], default);
        return id;
    }

    private RecallIndex IndexOf(IEmbedder embedder, double hiddenShareMax) =>
        new(store.Documents, embedder, clock,
        new RecallIndexLimits(TimeSpan.FromHours(1), long.MaxValue) { HiddenShareMax = hiddenShareMax });

    private static IEnumerable<(string, double, double)> Shown(Outcome<EntitySearchResult> result) =>
        result.Value.Items.Select(static each => (each.Entity.Id, each.Score, each.Relevance));

    private async Task<IReadOnlyList<FoundEntity>> FindAsync(EntityQuery query) => (await search.SearchAsync(query, default)).Value.Items;

    private async Task<IEnumerable<string>> NamesAsync(string words, string? type = null, string? user = null, string? agent = null) =>
        (await FindAsync(new EntityQuery(Tenant, words, 10, type, user, agent))).Select(static found => found.Entity.Name);

    /// <summary>Knows no word, so that only words count.</summary>
    private sealed class NoEmbedder : IEmbedder
    {
        public string ModelId => "none";

        public int Dimensions => 4;

        public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
        {
            vector.Clear();
            return false;
        }
    }
}
