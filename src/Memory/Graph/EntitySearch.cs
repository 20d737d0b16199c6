using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Tiers;

namespace MemoryOrleans.Graph;

/// <summary>
/// Search over entities by the ranker that recall uses: each entity is one document of its name, type and current
/// observations (<see cref="EntityDocument"/>), in an index of its own. With an encoder it has one vector (<see cref="EntityVectors"/>).
/// </summary>
public sealed class EntitySearch : IEntitySearch, IDisposable
{
    /// <summary>An index follows a busy graph change by change, so what is replaced is swept away a quarter of it at a time.</summary>
    public const double HiddenShareMax = 0.25;

    private readonly RecallIndex index;
    private readonly IGraphStore store;
    private readonly TimeProvider clock;
    private readonly IEmbedder embedder;
    private readonly QueryAnalyzer analyze;
    private readonly RankLane lane;
    private readonly NeuralArm? neural;

    /// <param name="index">Fed by <see cref="IGraphStore.Documents"/> of the store.</param>
    /// <param name="concurrency">Rankings at a time, at least 1.</param>
    /// <param name="neural">Null, or of a model whose vectors are not in the index: static vectors only.</param>
    public EntitySearch(RecallIndex index, IGraphStore store, IEmbedder embedder, TimeProvider clock, int concurrency,
        NeuralArm? neural = null)
    {
        this.neural = neural is { RanksInIndex: true } ? neural : null;
        this.index = index;
        this.store = store;
        this.clock = clock;
        this.embedder = embedder;
        analyze = new QueryAnalyzer(embedder);
        lane = new RankLane(concurrency);
    }

    public async Task<Outcome<EntitySearchResult>> SearchAsync(EntityQuery query, CancellationToken cancel)
    {
        var evaluatedAt = clock.GetUtcNow();
        var snapshots = await index.ReadAsync(query.Tenant, PartitionsOf(query), cancel);
        var mask = query.Type is null ? null : new TurnMask(Role: query.Type);
        var scope = new RankScope(snapshots, [.. snapshots.Select(_ => mask)]);
        var watermark = snapshots.Sum(static snapshot => snapshot.Watermark).ToString(CultureInfo.InvariantCulture);
        if (scope.Turns == 0)
            return new EntitySearchResult([], [], watermark, evaluatedAt);
        // An entity is no speaker, so the question is about nobody.
        var meant = FindMeant.MayHave(query.Query, scope) ? new FindMeant(embedder, [scope]).In(query.Query) : [];
        var asked = FindMeant.Correct(query.Query, meant);
        var meaning = neural is null ? default : await neural.AskAboutAsync(asked, AskedDays.None, scope, asksMemories: false, cancel);
        var question = analyze.Analyze(asked, scope) with { Subject = Subject.Nobody, Quote = null, Fillers = null, OfDocuments = true };
        question = question with { Terms = FindMeant.Apply(question.Terms, meant), Meaning = meaning.Question };
        var found = await CollectAsync(query, scope, question, cancel);
        var items = await PresentAsync(query with { Query = asked }, scope, question, found, evaluatedAt, cancel);
        return new EntitySearchResult(items, meaning.IsDegraded ? [NeuralArm.DegradedName] : [], watermark, evaluatedAt);
    }

    public void Dispose() => lane.Dispose();

    private static PartitionKey[]? PartitionsOf(EntityQuery query) => query.UserId is null
        ? null
        : [new PartitionKey(query.Tenant, query.UserId), new PartitionKey(query.Tenant, null)];

    // What only the stored entity can answer is checked after ranking, on ever longer lists, until enough pass.
    private async Task<List<(RankedTurn Ranked, Entity Entity)>> CollectAsync(
        EntityQuery query, RankScope scope, RankQuery question, CancellationToken cancel)
    {
        const int growth = 4;
        var found = new List<(RankedTurn, Entity)>(query.Limit);
        var seen = 0;
        for (var asked = query.Limit; found.Count < query.Limit; asked *= growth)
        {
            var ranked = await lane.RankAsync(scope, question, asked, cancel);
            var candidates = ranked.Skip(seen).Where(each => each.Relevance >= (query.MinScore ?? 0)).ToArray();
            var entities = (await store.FindEntitiesAsync(query.Tenant, Array.ConvertAll(candidates, static each => each.SessionId),
                cancel))
                .Where(entity => Allows(query, entity))
                .ToDictionary(static entity => entity.Id, StringComparer.Ordinal);
            foreach (var candidate in candidates)
            {
                if (found.Count < query.Limit && entities.TryGetValue(candidate.SessionId, out var entity))
                    found.Add((candidate, entity));
            }

            seen = ranked.Count;
            if (ranked.Count < asked || asked > scope.Turns)
                break;
        }

        return found;
    }

    private static bool Allows(EntityQuery query, Entity entity) =>
        (query.Type is null || entity.Type == query.Type)
        && (query.AgentId is null || entity.Scope.AgentId is null || entity.Scope.AgentId == query.AgentId);

    private async Task<IReadOnlyList<FoundEntity>> PresentAsync(
        EntityQuery query, RankScope scope, RankQuery question, List<(RankedTurn Ranked, Entity Entity)> found, DateTimeOffset now,
        CancellationToken cancel)
    {
        var observations = (await store.ReadObservationsAsync(
                query.Tenant, found.ConvertAll(static each => each.Entity.Id), new GraphMoment(now, now),
                GraphLimits.ObservationsSearchedMax, cancel))
            .ToLookup(static observation => observation.EntityId, StringComparer.Ordinal);
        var match = new MatchObservations(embedder, query.Query, question.Terms, scope);
        return found.ConvertAll(each => new FoundEntity(
            each.Entity,
            each.Ranked.Score,
            each.Ranked.Relevance,
            match.Select(observations[each.Entity.Id]),
            query.Explain ? MemoryArm.Explain(question, each.Ranked, each.Entity.Name) : null));
    }
}
