using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall;

/// <summary>
/// Recall: question to ranked, cited, explainable items. Reads the index and the store, never a session's actor, and
/// never calls a language model.
/// </summary>
public sealed class MemoryRecall : IDisposable
{
    private const string TurnKind = "turn";
    private const string WorkingTier = "working";
    private const string EpisodicTier = "episodic";
    private const int IntentsMax = 1_024;

    // Beside memories more turns are ranked than asked for, in place of those that memories say already.
    private const int TurnsPerItem = 2;

    private readonly RecallIndex index;
    private readonly ISessionStore store;
    private readonly TimeProvider clock;
    private readonly WorkingMemoryLimits window;
    private readonly QueryAnalyzer analyze;
    private readonly RankLane lane;
    private readonly NeuralArm? neural;
    private readonly MemoryArm? memories;
    private readonly RollingSummary? past;
    private readonly IEmbedder embedder;
    private readonly IntentCache intents = new(IntentsMax);
    private readonly OrderByUpdates updates;

    /// <param name="concurrency">Rankings at a time, at least 1.</param>
    /// <param name="neural">Null: static vectors only.</param>
    /// <param name="memories">Null: turns only.</param>
    /// <param name="past">Null: contexts without a summary.</param>
    /// <param name="linked">Where links between turns are kept; null: without any.</param>
    public MemoryRecall(
        RecallIndex index, ISessionStore store, IEmbedder embedder, TimeProvider clock, WorkingMemoryLimits window, int concurrency, NeuralArm? neural = null,
        MemoryArm? memories = null, RollingSummary? past = null, IMemoryStore? linked = null)
    {
        this.neural = neural;
        this.memories = memories;
        this.past = past;
        this.embedder = embedder;
        this.index = index;
        this.store = store;
        this.clock = clock;
        this.window = window;
        analyze = new QueryAnalyzer(embedder);
        lane = new RankLane(concurrency);
        updates = new OrderByUpdates(embedder, store, linked is null ? null : new StoredLinks(store, linked));
    }

    public async Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        var evaluatedAt = clock.GetUtcNow();
        var asksTurns = (query.Kinds?.Contains(TurnKind, StringComparer.Ordinal) ?? true)
            && (query.Scopes?.Any(static scope => scope is ScopePolicy.Session or ScopePolicy.User) ?? true);
        var asking = neural is { RanksInIndex: false } && asksTurns ? neural.AskAsync(query.Query, cancel) : Task.FromResult<NeuralQuestion?>(null);
        var view = query.SessionId is null ? null : await ReadWindowAsync(new SessionKey(query.Tenant, query.SessionId), cancel);
        var scope = new RecallScope(query, view?.Session);
        var snapshots = await index.ReadAsync(query.Tenant, scope.Partitions, cancel);
        var rankScope = scope.Rank(snapshots);
        var nearest = await asking is { } vector && rankScope.Turns > 0
            ? await neural!.FindAsync(vector, rankScope, isWholeTenant: scope.Partitions is null, query, cancel)
            : null;
        var (meaning, isMeaningLate) = neural is { RanksInIndex: true } && asksTurns
            ? await neural.AskAboutAsync(query.Query, rankScope, cancel)
            : (null, false);
        var isDegraded = isMeaningLate || (nearest is null && asking.Result is not null && rankScope.Turns > 0);
        var asksMemories = memories is not null && MemoryArm.IsAsked(query);
        var found = asksTurns
            ? await CollectAsync(query with { Limit = Wider(asksMemories ? query.Limit * TurnsPerItem : query.Limit) }, rankScope, new NeuralShare(nearest, meaning), view, cancel)
            : TurnHits.None;
        // Every change raises one partition's number by at least one, so equal sums mean the same state.
        var watermark = snapshots.Sum(static snapshot => snapshot.Watermark);
        var (items, intent) = (found.Items, intents.Of(query.Query));
        if (asksMemories)
        {
            var question = new MemoryQuestion(query, view?.Session, intent, found.Maxima, evaluatedAt);
            var (recalled, memoriesAt) = await memories!.FindAsync(question, analyze, lane, cancel);
            if (recalled.Count > 0)
            {
                var merged = MergeTiers.Merge(query.Query, items, recalled, Wider(query.Limit), query.MaxTokens ?? int.MaxValue, Weighing(query));
                return Answer(Cut(await OrderAsync(merged)), watermark + memoriesAt);
            }

            watermark += memoriesAt;
        }

        items = Cut(await OrderAsync(items));
        return Answer(query.MaxTokens is { } budget ? Fit(items, budget) : items, watermark);

        // "I" is one person in the turns of one user, or of one session; nowhere else.
        async Task<IReadOnlyList<RecalledItem>> OrderAsync(IReadOnlyList<RecalledItem> ranked) => scope.Partitions is { Count: 1 } only && (only[0].UserId is not null || query.SessionId is not null)
            ? await updates.OrderAsync(query, ranked, only[0].UserId, cancel)
            : ranked;

        IReadOnlyList<RecalledItem> Cut(IReadOnlyList<RecalledItem> ordered) => ordered.Count > query.Limit ? [.. ordered.Take(query.Limit)] : ordered;

        RecallResult Answer(IReadOnlyList<RecalledItem> answered, long at) =>
            new(answered, intent, isDegraded ? [NeuralArm.DegradedName] : [], at.ToString(), evaluatedAt);
    }

    /// <summary>A prompt-ready block for a session, read from the store; see <see cref="BuildContext"/>.</summary>
    /// <param name="question">What to recall beyond the window; null: window and summary alone.</param>
    public async Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? question, int tokensMax, CancellationToken cancel)
    {
        if (await ReadWindowAsync(key, cancel) is not { } view)
            return new MemoryError(ErrorCode.NotFound, "There is no such session.");
        var summary = past is null ? [] : await past.ReadAsync(key.Tenant, view, cancel);
        return await BuildContext.BuildAsync(key.Tenant, view, summary, question, tokensMax, query => RecallAsync(query, cancel));
    }

    /// <summary>Drops what is remembered of questions; an erased text may have been one.</summary>
    public void Forget()
    {
        intents.Clear();
        updates.Forget();
    }

    public void Dispose() => lane.Dispose();

    private async ValueTask<WorkingMemoryView?> ReadWindowAsync(SessionKey key, CancellationToken cancel)
    {
        var found = await store.FindSessionAsync(key, cancel);
        return found.Session is { } session
            ? WorkingMemory.Select(session, await store.ReadTailAsync(key, window.TurnsMax, cancel), window)
            : null;
    }

    // Conditions that only the stored turn can answer are checked after ranking, on ever longer lists, until enough pass.
    private async Task<TurnHits> CollectAsync(
        RecallQuery query, RankScope scope, NeuralShare share, WorkingMemoryView? view, CancellationToken cancel)
    {
        const int growth = 4;
        if (scope.Turns == 0)
            return TurnHits.None;
        var question = analyze.Analyze(query.Query, scope) with { Neural = share.Nearest, Meaning = share.Meaning };
        var items = new List<RecalledItem>(query.Limit);
        var (seen, maxima) = (0, default(RankMaxima));
        for (var asked = query.Limit; items.Count < query.Limit; asked *= growth)
        {
            (var ranked, maxima) = await lane.RankWithMaximaAsync(scope, question, asked, cancel);
            await AddAsync(query, question, ranked.Skip(seen), view, items, cancel);
            seen = ranked.Count;
            if (ranked.Count < asked || asked > scope.Turns)
                break;
        }

        return new TurnHits(items, maxima);
    }

    private async Task AddAsync(
        RecallQuery query, RankQuery question, IEnumerable<RankedTurn> ranked, WorkingMemoryView? view, List<RecalledItem> items, CancellationToken cancel)
    {
        var candidates = ranked
            .Where(each => each.Relevance >= (query.MinScore ?? 0) && (query.Tiers?.Contains(TierOf(each, view), StringComparer.Ordinal) ?? true))
            .ToArray();
        if (candidates.Length == 0)
            return;
        var addresses = Array.ConvertAll(candidates, static each => new TurnAddress(each.SessionId, each.Seq));
        var turns = (await store.ReadTurnsAsync(query.Tenant, addresses, cancel))
            .ToDictionary(static turn => new TurnAddress(turn.SessionId, turn.Seq));
        for (var i = 0; i < candidates.Length && items.Count < query.Limit; i++)
        {
            // A turn deleted since the ranking is no longer there to show.
            if (!turns.TryGetValue(addresses[i], out var turn))
                continue;
            var candidate = candidates[i];
            var item = index.LeftOut.Read(
                query.Tenant, $"{turn.SessionId}:{turn.Seq}",
                () => MetadataFilter.Allows(query.Filter?.Metadata, turn.Metadata) ? Present(query, question, candidate, turn, TierOf(candidate, view)) : null);
            if (item is not null)
                items.Add(item);
        }
    }

    // So many that what replaces an item of the answer is among them.
    private static int Wider(int limit) => Math.Max(limit, OrderByUpdates.CandidatesMax);

    private WeighItem Weighing(RecallQuery query) => new(embedder, index.LeftOut, query.Tenant);

    private static RecalledItem Present(RecallQuery query, RankQuery question, RankedTurn ranked, Turn turn, string tier) => new(
        $"{turn.SessionId}:{turn.Seq}", TurnKind, tier, turn.Content, ranked.Score, ranked.Relevance, turn,
        query.Explain ? MemoryArm.Explain(question, ranked) : null);

    private static string TierOf(RankedTurn turn, WorkingMemoryView? view) =>
        view is not null && turn.SessionId == view.Session.Id && turn.Seq > view.TurnsBefore ? WorkingTier : EpisodicTier;

    private static List<RecalledItem> Fit(IReadOnlyList<RecalledItem> items, int budget)
    {
        var fitting = new List<RecalledItem>(items.Count);
        foreach (var item in items)
        {
            if (item.Turn.Tokens > budget)
                continue;
            budget -= item.Turn.Tokens;
            fitting.Add(item);
        }

        return fitting;
    }

    /// <summary>What neural vectors add to the ranking of turns: the store's nearest, or the question for the index's own.</summary>
    private readonly record struct NeuralShare(NeuralScores? Nearest, MeaningQuery? Meaning);

    private sealed record TurnHits(IReadOnlyList<RecalledItem> Items, RankMaxima Maxima)
    {
        public static readonly TurnHits None = new([], default);
    }
}
