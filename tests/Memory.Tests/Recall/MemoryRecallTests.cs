using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Memory.Tests.Sessions;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class MemoryRecallTests
{
    private static readonly Config Runs = SameCases.Quick.WithMaxTest(150).WithEndSize(40);

    [Fact]
    public void As_of_answers_what_had_been_said_and_was_known_then() =>
        Prop.ForAll(Conversation.Any, MomentGen.ToArbitrary(), MomentGen.ToArbitrary(), static (conversation, valid, known) =>
        {
            using var memory = new RecalledConversation(conversation);
            var items = memory.Ask(new RecallQuery("acme", conversation.Questions[0], 100, UserId: "ada", AsOf: new AsOf(valid, known)));
            var expected = memory.RankAll(conversation.Questions[0])
                .Where(each => (valid is null || each.Turn.OccurredAt <= valid) && (known is null || each.Turn.RecordedAt <= known));
            Assert.Equal(expected.Select(static each => (each.Ranked.Score, each.Turn)), AsRanked(items));
        }).Check(Runs);

    [Fact]
    public void Filters_are_met_by_ever_longer_lists_until_enough_pass() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(1, 5).ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(),
        static (conversation, limit, wanted) =>
        {
            using var memory = new RecalledConversation(conversation);
            var filter = new RecallFilter(Metadata: new Dictionary<string, string> { ["n"] = $"{wanted}" });
            var items = memory.Ask(new RecallQuery("acme", conversation.Questions[0], limit, Filter: filter, MinScore: 0.1));
            var expected = memory.RankAll(conversation.Questions[0])
                .Where(each => each.Turn.Metadata == $$"""{"n":{{wanted}}}""" && each.Ranked.Relevance >= 0.1);
            Assert.Equal(expected.Take(limit).Select(static each => each.Turn), items.Select(static item => item.Turn));
        }).Check(Runs);

    [Fact]
    public void A_scope_of_the_tenant_is_all_its_users() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            using var memory = new RecalledConversation(conversation, static session => session % 2 == 0 ? "ada" : null);
            var items = memory.Ask(new RecallQuery("acme", conversation.Questions[0], 100));
            Assert.Equal(memory.RankAll(conversation.Questions[0]).Select(static each => each.Turn),
                items.Select(static item => item.Turn));
            Assert.Empty(memory.Ask(new RecallQuery("other", conversation.Questions[0], 100)));
        }).Check(Runs.WithMaxTest(60));

    [Fact]
    public void The_explanation_sums_to_the_score_and_names_the_words_that_match() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            using var memory = new RecalledConversation(conversation);
            foreach (var item in memory.Ask(new RecallQuery("acme", conversation.Questions[0], 100, UserId: "ada", Explain: true)))
            {
                var why = item.Explanation!;
                var sum = why.Lexical + why.Vector + why.Smoothing + why.SessionPrior + why.Subject + why.Quote;
                Assert.Equal(item.Score, sum + (item.Update?.Part ?? 0), 1e-6);
                Assert.Equal(item.Relevance > 0 && why.MatchedTerms.Count > 0, why.Lexical > 0);
                Assert.Distinct(why.MatchedTerms);
            }

            Assert.All(memory.Ask(new RecallQuery("acme", conversation.Questions[0], 100, UserId: "ada")),
                static item => Assert.Null(item.Explanation));
        }).Check(Runs.WithMaxTest(60));

    [Fact]
    public void Tokens_of_the_items_stay_within_the_budget() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(1, 60).ToArbitrary(), static (conversation, budget) =>
        {
            using var memory = new RecalledConversation(conversation);
            var all = memory.Ask(new RecallQuery("acme", conversation.Questions[0], 20, UserId: "ada"));
            var items = memory.Ask(new RecallQuery("acme", conversation.Questions[0], 20, UserId: "ada", MaxTokens: budget));
            Assert.InRange(items.Sum(static item => item.Turn.Tokens), 0, budget);
            Assert.Equal(all.Where(item => items.Contains(item)), items);
            var free = budget - items.Sum(static item => item.Turn.Tokens);
            Assert.All(all.Except(items), item => Assert.True(item.Turn.Tokens > free));
        }).Check(Runs.WithMaxTest(60));

    [Fact]
    public void Turns_in_the_named_sessions_window_are_of_the_working_tier()
    {
        using var memory = new RecalledConversation(Conversation.Long(60));
        var query = new RecallQuery("acme", "bread oven music", 100, UserId: "ada", SessionId: "s1");
        var items = memory.Ask(query);
        var log = memory.Store.TurnsOf(new SessionKey("acme", "s1"));

        var working = items.Where(static item => item.Tier == "working").Select(static item => item.Turn.Seq).ToArray();
        Assert.Equal(log.TakeLast(RecalledConversation.WindowTurns).Select(static turn => turn.Seq), working.Order());
        Assert.All(items.Where(static item => item.Tier == "working"), static item => Assert.Equal("s1", item.Turn.SessionId));
        Assert.Equal(items.Where(static item => item.Tier == "working"), memory.Ask(query with { Tiers = ["working"] }));
        Assert.Equal(items.Where(static item => item.Tier == "episodic"), memory.Ask(query with { Tiers = ["episodic", "semantic"] }));
        Assert.All(memory.Ask(query with { SessionId = null }), static item => Assert.Equal("episodic", item.Tier));
    }

    [Fact]
    public void Only_turns_are_there_to_recall()
    {
        using var memory = new RecalledConversation(Conversation.Long(60));
        var query = new RecallQuery("acme", "bread", 10, UserId: "ada");

        Assert.Equal(10, memory.Ask(query with { Kinds = ["fact", "turn"] }).Count);
        Assert.Empty(memory.Ask(query with { Kinds = ["fact"] }));
        Assert.All(memory.Ask(query),
            static item => Assert.Equal(("turn", $"{item.Turn.SessionId}:{item.Turn.Seq}", item.Turn.Content),
            (item.Kind, item.Id, item.Content)));
    }

    [Fact]
    public void A_turn_deleted_after_the_ranking_is_left_out()
    {
        using var memory = new RecalledConversation(Conversation.Long(60));
        memory.Store.Put("acme", memory.Store.SessionOf(new SessionKey("acme", "s0"))!, []);
        var items = memory.Ask(new RecallQuery("acme", "bread", 10, UserId: "ada"));

        Assert.Equal(10, items.Count);
        Assert.DoesNotContain(items, static item => item.Turn.SessionId == "s0");
    }

    [Fact]
    public void Unknown_names_find_nothing_and_are_no_error()
    {
        using var memory = new RecalledConversation(Conversation.Long(10));
        var answer = memory.Recall(new RecallQuery("acme", "bread", 10, SessionId: "nowhere"));

        Assert.Empty(answer.Items);
        Assert.Equal("0", answer.Watermark);
        Assert.Empty(memory.Ask(new RecallQuery("acme", "bread", 10, UserId: "zoe")));
        Assert.Empty(memory.Ask(new RecallQuery("acme", "bread", 10, AgentId: "nobody")));
    }

    [Fact]
    public void An_answer_says_when_and_from_what_it_was_made()
    {
        using var memory = new RecalledConversation(Conversation.Long(10));
        var answer = memory.Recall(new RecallQuery("acme", "Who is Bob?", 10, UserId: "ada"));

        Assert.Equal(memory.Clock.GetUtcNow(), answer.EvaluatedAt);
        Assert.Equal("10", answer.Watermark);
        Assert.Equal("entity", answer.Intent);
        Assert.Empty(answer.Degraded);
    }

    [Fact]
    public void A_cut_off_that_nothing_reaches_answers_nothing_unless_the_query_names_its_own() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            using var memory = new RecalledConversation(conversation, relevanceMin: 1.01);
            var query = new RecallQuery("acme", conversation.Questions[0], 100, UserId: "ada");
            var ranked = memory.RankAll(query.Query);
            // A question of stop words alone says nothing to be relevant to.
            var isJudged = CutoffPolicy.LeastOf(1, query.Query, isMeant: false) > 0;
            Assert.True(!isJudged || ranked.All(static each => each.Ranked.Parts.Lexical == 0) || memory.Ask(query).Count == 0);
            Assert.Equal(ranked.Count > 0, memory.Ask(query with { MinScore = 0 }).Count > 0);
        }).Check(Runs);

    // As they were before the newer of two answers was put above the older.
    private static IEnumerable<(double Score, Turn Turn)> AsRanked(IEnumerable<RecalledItem> items) => items
        .Select(static item => (Score: Math.Round(item.Score - (item.Update?.Part ?? 0), 6), item.Turn))
        .OrderByDescending(static each => each.Score).ThenBy(static each => each.Turn.SessionId, StringComparer.Ordinal)
        .ThenBy(static each => each.Turn.Seq);

    private static Gen<DateTimeOffset?> MomentGen => Gen.Frequency(
        (1, Gen.Constant<DateTimeOffset?>(null)),
        (3, Gen.Choose(0, 400).Select(static days => (DateTimeOffset?)Conversation.FirstDay.AddDays(days))),
        (3, Gen.Choose(-1, 41).Select(static minutes => (DateTimeOffset?)Conversation.FirstDay.AddMinutes(minutes))));
}

/// <summary>A conversation in a store, a feed and an index, ready to be asked about. Turn n's metadata is <c>{"n": n mod 4}</c>.</summary>
internal sealed class RecalledConversation : IDisposable
{
    public const int WindowTurns = 5;
    private readonly Turn[] turns;
    private readonly TurnCommitted[] changes;
    private readonly MemoryRecall recall;

    /// <param name="ownerOf">User of a session; by default all belong to ada.</param>
    public RecalledConversation(Conversation conversation, Func<int, string?>? ownerOf = null, double? relevanceMin = null)
    {
        ownerOf ??= static _ => "ada";
        changes = [.. conversation.Changes.Select(static (change, i) => change
            with { Turn = change.Turn with { Metadata = $$"""{"n":{{i % 4}}}""" } })];
        turns = Array.ConvertAll(changes, static change => change.Turn);
        foreach (var session in turns.GroupBy(static turn => turn.SessionId))
        {
            var owner = ownerOf(session.Key[1] - '0');
            Store.Put("acme", new Session(session.Key, owner, null, SessionStatus.Open, session.Count(), session.Count(), Turns.Noon,
                Turns.Noon), session);
            Feed.Commit(new PartitionKey("acme", owner), changes.Where(change => change.Turn.SessionId == session.Key));
        }

        var index = new RecallIndex(Feed, WordEmbedder.Small, Clock, new RecallIndexLimits(TimeSpan.FromHours(1), long.MaxValue));
        recall = new MemoryRecall(index, Store, WordEmbedder.Small, Clock, new WorkingMemoryLimits(WindowTurns, 1_000_000), concurrency: 2,
            relevanceMin: relevanceMin);
    }

    public ScriptedStore Store { get; } = new();

    public ScriptedFeed Feed { get; } = new();

    public FakeClock Clock { get; } = new();

    public RecallResult Recall(RecallQuery query) => recall.RecallAsync(query, CancellationToken.None).GetAwaiter().GetResult().Value;

    public IReadOnlyList<RecalledItem> Ask(RecallQuery query) => Recall(query).Items;

    public Outcome<ContextBlock> BuildContext(SessionKey key, string? question, int tokensMax) =>
        recall.BuildContextAsync(key, question, tokensMax, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Every turn in its place, without store, masks or limits.</summary>
    public IReadOnlyList<(RankedTurn Ranked, Turn Turn)> RankAll(string question) =>
        [.. Ranked.Rank(Ranked.Build(changes).Snapshot, question)
        .Select(ranked => (ranked, turns.Single(turn => turn.SessionId == ranked.SessionId && turn.Seq == ranked.Seq)))];

    public void Dispose() => recall.Dispose();
}
