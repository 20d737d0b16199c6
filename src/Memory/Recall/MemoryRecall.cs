using System.Globalization;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Feed;
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

    private const int FactTextsMax = 512;

    // However few items are asked for, so many candidates stand in their order before the answer is cut.
    private const int OrderedMin = 20;

    // However few items are asked for: a neighbour of what answers the question may stand before it.
    private const int RelevantAmong = 10;

    private readonly RecallIndex index;
    private readonly ISessionStore store;
    private readonly TimeProvider clock;
    private readonly WorkingMemoryLimits window;
    private readonly QueryAnalyzer analyze;
    private readonly RankLane lane;
    private readonly NeuralArm? neural;
    private readonly MemoryArm? memories;
    private readonly RollingSummary? past;
    private readonly FactTexts texts;
    private readonly IntentCache intents = new(IntentsMax);
    private readonly OrderByUpdates updates;
    private readonly IMemoryStore? linked;
    private readonly double? relevanceMin;
    private readonly AskersClock askers;
    private readonly IEmbedder embedder;

    /// <param name="concurrency">Rankings at a time, at least 1.</param>
    /// <param name="neural">Null: static vectors only.</param>
    /// <param name="memories">Null: turns only.</param>
    /// <param name="past">Null: contexts without a summary.</param>
    /// <param name="relevanceMin">Where a query names none, the least relevance that one of the first items must have; 0..1; null: as
    /// <see cref="CutoffPolicy"/> says.</param>
    /// <param name="statements">What turns state, where others read it too; null: kept for recalls alone.</param>
    /// <param name="linked">Where links between turns are kept; null: without any.</param>
    public MemoryRecall(
        RecallIndex index, ISessionStore store, IEmbedder embedder, TimeProvider clock, WorkingMemoryLimits window, int concurrency,
        NeuralArm? neural = null,
        MemoryArm? memories = null, RollingSummary? past = null, IMemoryStore? linked = null, double? relevanceMin = null,
        StatementCache? statements = null)
    {
        this.relevanceMin = relevanceMin;
        this.embedder = embedder;
        this.neural = neural;
        this.memories = memories;
        this.past = past;
        texts = new FactTexts(embedder, index.LeftOut, FactTextsMax);
        this.index = index;
        this.store = store;
        this.clock = clock;
        this.window = window;
        analyze = new QueryAnalyzer(embedder);
        lane = new RankLane(concurrency);
        askers = new AskersClock(store);
        this.linked = linked;
        updates = new OrderByUpdates(statements ?? new StatementCache(embedder));
    }

    /// <summary>Told of every recall which arms took part in it; on the recall's own thread.</summary>
    public Action<RecallArms>? Observe { get; set; }

    public async Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        var evaluatedAt = clock.GetUtcNow();
        var asksTurns = (query.Kinds?.Contains(TurnKind, StringComparer.Ordinal) ?? true)
            && (query.Scopes?.Any(static scope => scope is ScopePolicy.Session or ScopePolicy.User) ?? true);
        var asking = neural is { RanksInIndex: false } && asksTurns
            ? neural.AskAsync(query.Query, cancel) : Task.FromResult<NeuralQuestion?>(null);
        var view = query.SessionId is null ? null : await ReadWindowAsync(new SessionKey(query.Tenant, query.SessionId), cancel);
        var scope = new RecallScope(query, view?.Session);
        var asksMemories = memories is not null && MemoryArm.IsAsked(query);
        var heads = asksMemories ? await memories!.ReadHeadsAsync(query, view?.Session, scope.Partitions, cancel) : null;
        var snapshots = heads is null ? await index.ReadAsync(query.Tenant, scope.Partitions, cancel)
            : await index.ReadAsync(heads.Turns, cancel);
        var rankScope = scope.Rank(snapshots);
        var nearest = await asking is { } vector && rankScope.Turns > 0
            ? await neural!.FindAsync(vector, rankScope, isWholeTenant: scope.Partitions is null, query, cancel)
            : null;
        var days = AskedDays.MayName(query.Query)
            ? AskedDays.Find(query.Query, await askers.AtAsync(query, view?.Session, snapshots, query.AsOf?.Valid ?? evaluatedAt, cancel))
            : AskedDays.None;
        var slips = await FindMeantAsync(query.Query, asksTurns ? rankScope : RankScope.Empty, heads?.Memories, cancel);
        var asked = FindMeant.Correct(query.Query, slips);
        // Begun here and awaited where it is needed: the question is embedded while its words are looked up.
        var mayMean = neural is { RanksInIndex: true } && (asksTurns || asksMemories);
        var meaning = mayMean ? neural!.AskAboutAsync(asked, days, rankScope, asksMemories, cancel) : NeuralArm.NotAsked;
        // Every change raises one partition's number by at least one, so equal sums mean the same state.
        var watermark = snapshots.Sum(static snapshot => snapshot.Watermark);
        var question = analyze.Analyze(asked, days) with { Neural = nearest, MayMean = mayMean };
        question = question with { Fillers = QueryAnalyzer.FindFillers(asked, question.Terms, rankScope),
            Terms = FindMeant.Apply(question.Terms, slips) };
        var turns = new TurnSource(
            query, asksTurns ? rankScope : RankScope.Empty, question with { Subject = QueryAnalyzer.FindSubject(asked, rankScope) },
            meaning, lane,
            store, index.LeftOut, turn => TierOf(turn.SessionId, turn.Seq, view));
        var intent = intents.Of(query.Query);
        MemorySource? told = null;
        // Memories are ranked as the turns beside them were: with the encoder, or without it.
        var isAlone = await turns.PeekAsync(cancel) is null;
        var meant = isAlone || turns.Maxima.Meaning is not null ? (await meaning).Question : null;
        if (heads is not null)
        {
            (told, var memoriesAt) = await memories!.FindAsync(
                new MemoryQuestion(query, view?.Session, heads.Memories, intent, turns.Maxima, evaluatedAt),
                question with { Neural = null, MayMean = false, Meaning = meant }, lane, cancel);
            watermark += memoriesAt;
        }

        // "I" is one person in the turns of one user, or of one session; nowhere else.
        PartitionKey? speaker = scope.Partitions is { Count: 1 } only && (only[0].UserId is not null || query.SessionId is not null)
            ? only[0] : null;
        var looked = speaker is null ? query.Limit : Math.Max(query.Limit, OrderByUpdates.CandidatesMax);
        var merge = new MergeTiers(query.Tenant, question.Terms, told is null ? int.MaxValue : query.MaxTokens ?? int.MaxValue, texts);
        var reads = new AnswerReads(store, speaker is null ? null : linked, query.Tenant, speaker?.UserId);
        var ordered = await OrderAsync(looked, query, merge, turns, told, reads, cancel);
        question = question with { Meaning = (await meaning).Question };
        // What a neural model found in other words, or in another language, is not judged by words unless it is asked for.
        var isNothing = query.MinScore is null && nearest is null && question.Terms.Count > 0
            && !IsRelevant(ordered, CutoffPolicy.LeastOf(relevanceMin, query.Query, isMeant: meant is not null));
        var irrelevant = isNothing ? ordered.Count : 0;
        IReadOnlyList<RecalledItem> items = isNothing ? [] : [.. ordered.Take(looked).Select(each => Present(query, question, each, view))];
        if (speaker is not null)
            items = [.. (await updates.OrderAsync(query, items, reads, cancel)).Take(query.Limit)];
        var isDegraded = (await meaning).IsDegraded || (nearest is null && asking.Result is not null && rankScope.Turns > 0);
        Observe?.Invoke(new RecallArms(asksTurns, told is not null, question.Meaning is not null, nearest is not null));
        var fitting = told is null && query.MaxTokens is { } budget ? Fit(items, budget) : items;
        return new RecallResult(
            fitting, intent, isDegraded ? [NeuralArm.DegradedName] : [], watermark.ToString(CultureInfo.InvariantCulture), evaluatedAt)
        {
            BelowScore = irrelevant + turns.BelowScore + (told?.BelowScore ?? 0),
                OverBudget = merge.OverBudget + items.Count - fitting.Count,
        };
    }

    /// <summary>A prompt-ready block for a session, read from the store; see <see cref="BuildContext"/>.</summary>
    /// <param name="question">What to recall beyond the window; null: window and summary alone.</param>
    public async Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? question, int tokensMax, CancellationToken cancel)
    {
        if (await ReadWindowAsync(key, cancel) is not { } view)
            return new MemoryError(ErrorCode.NotFound, "There is no such session.");
        var summary = past is null ? [] : await past.ReadAsync(key.Tenant, view, cancel);
        return await BuildContext.BuildAsync(key.Tenant, view, summary, new ContextRequest(question, tokensMax),
            query => RecallAsync(query, cancel));
    }

    /// <summary>Drops what is remembered of questions and memories; an erased text may have been one.</summary>
    public void Forget()
    {
        intents.Clear();
        texts.Clear();
        updates.Forget();
    }

    public void Dispose() => lane.Dispose();

    // What no turn has may be in a memory.
    private async ValueTask<IReadOnlyList<MeantWord>> FindMeantAsync(
        string question, RankScope turns, IReadOnlyList<PartitionHead>? told, CancellationToken cancel)
    {
        if (!FindMeant.MayHave(question, turns))
            return [];
        RankScope[] scopes = told is null ? [turns] : [turns, await memories!.ReadScopeAsync(told, cancel)];
        return new FindMeant(embedder, scopes).In(question);
    }

    private async ValueTask<WorkingMemoryView?> ReadWindowAsync(SessionKey key, CancellationToken cancel)
    {
        var found = await store.FindSessionAsync(key, cancel);
        return found.Session is { } session
            ? WorkingMemory.Select(session, await store.ReadTailAsync(key, window.TurnsMax, cancel), window)
            : null;
    }

    // Turns and memories in one order, at least OrderedMin of them where there are so many; those that will be shown have been read.
    private static async Task<IReadOnlyList<Candidate>> OrderAsync(
        int looked, RecallQuery query, MergeTiers merge, TurnSource turns, MemorySource? told, AnswerReads reads,
        CancellationToken cancel)
    {
        while (true)
        {
            await MergeAsync(Math.Max(looked, query.MaxTokens is null ? OrderedMin : 0), merge, turns, told, cancel);
            var shown = merge.Kept.Take(looked);
            var unread = shown.Where(static each => each is { Memory: null, Turn: null }).ToArray();
            if (unread.Length == 0)
                return merge.Kept;
            var read = await turns.ReadAsync(unread, addresses => reads.ReadAsync(addresses, shown, cancel));
            merge.Show(unread, read);
        }
    }

    private static async Task MergeAsync(int wanted, MergeTiers merge, TurnSource turns, MemorySource? told, CancellationToken cancel)
    {
        while (merge.Kept.Count < wanted)
        {
            var turn = await turns.PeekAsync(cancel);
            if (told is not null && await told.PeekAsync(turn?.Score ?? 0, cancel) is { } memory)
            {
                told.Take();
                merge.Offer(memory);
            }
            else if (turn is not null)
            {
                turns.Take();
                merge.Offer(turn);
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsRelevant(IReadOnlyList<Candidate> ordered, double least)
    {
        foreach (var each in ordered.Take(RelevantAmong))
        {
            if (each.Ranked.Relevance >= least)
                return true;
        }

        return false;
    }

    private static RecalledItem Present(RecallQuery query, RankQuery question, Candidate candidate, WorkingMemoryView? view)
    {
        if (candidate.Memory is not null)
            return MemoryArm.Present(query, question, candidate);
        var (turn, others) = candidate.Telling?.Order(candidate.Turn!) ?? (candidate.Turn!, []);
        return new RecalledItem(
            $"{turn.SessionId}:{turn.Seq}", TurnKind, TierOf(turn.SessionId, turn.Seq, view), turn.Content, candidate.Score,
            candidate.Ranked.Relevance, turn,
            query.Explain ? MemoryArm.Explain(question, candidate.Ranked, turn.Content) : null)
        {
            AlsoSaid = others.Count == 0
                ? [] : others.Select(static each => new SaidAgain(each.SessionId, each.Id, each.Seq, each.OccurredAt)).ToArray(),
        };
    }

    private static string TierOf(string session, long seq, WorkingMemoryView? view) =>
        view is not null && session == view.Session.Id && seq > view.TurnsBefore ? WorkingTier : EpisodicTier;

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
}
