using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>What a ranking promises whatever the formula's constants are.</summary>
public sealed class RankTurnsTests
{
    private static readonly Config Runs = SameCases.Quick.WithMaxTest(200).WithEndSize(40);

    [Fact]
    public void The_parts_sum_to_the_score() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = Ranked.Build(conversation.Changes).Snapshot;
            foreach (var turn in Ranked.Rank(partition, conversation.Questions[0]))
            {
                var (lexical, vector, smoothing, session, multiplier) = turn.Parts;
                var rest = lexical + vector + smoothing + session;
                Assert.Equal(turn.Score, rest + turn.Parts.Subject + turn.Parts.Quote, 1e-6);
                Assert.Equal((multiplier - 1) * rest, turn.Parts.Subject, 1e-6);
                Assert.All([lexical, vector, smoothing, session, turn.Score, turn.Relevance],
                    static part => Assert.Equal(part, Math.Round(part, 6)));
                Assert.InRange(lexical, 0, 1);
                Assert.InRange(turn.Relevance, 0, 1);
                Assert.True(turn.Score > 0);
            }
        }).Check(Runs);

    [Fact]
    public void Asking_again_gives_the_same_list_to_the_last_digit() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = Ranked.Build(conversation.Changes).Snapshot;
            var scope = new RankScope([partition], [null]);
            var question = new QueryAnalyzer(WordEmbedder.Small).Analyze(conversation.Questions[0], scope);
            var scratch = new RankScratch();
            var first = Ranked.Shown(new RankTurns(scope, question, scratch).Rank(20));
            foreach (var other in conversation.Questions)
                _ = new RankTurns(scope, new QueryAnalyzer(WordEmbedder.Small).Analyze(other, scope), scratch).Rank(20);
            Assert.Equal(first, Ranked.Shown(new RankTurns(scope, question, scratch).Rank(20)));
            Assert.Equal(first, Ranked.Shown(Ranked.Rank(partition, conversation.Questions[0], 20)));
        }).Check(Runs);

    [Fact]
    public void Working_arrays_of_a_wide_scope_serve_a_narrow_one()
    {
        var scratch = new RankScratch();
        foreach (var turns in new[] { 1_500, 40, 3, 700, 0, 1 })
        {
            var conversation = Conversation.Long(turns);
            var scope = new RankScope([Ranked.Build(conversation.Changes).Snapshot], [null]);
            var question = new QueryAnalyzer(WordEmbedder.Small).Analyze(conversation.Questions[0], scope);
            Assert.Equal(
                Ranked.Shown(new RankTurns(scope, question, new RankScratch()).Rank(100)),
                Ranked.Shown(new RankTurns(scope, question, scratch).Rank(100)));
        }
    }

    [Fact]
    public void A_shorter_list_is_the_beginning_of_a_longer_one() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = Ranked.Build(conversation.Changes).Snapshot;
            var all = Ranked.Shown(Ranked.Rank(partition, conversation.Questions[0]));
            foreach (var limit in new[] { 1, 2, 3, 5, 8 })
                Assert.Equal(all.Take(limit), Ranked.Shown(Ranked.Rank(partition, conversation.Questions[0], limit)));
        }).Check(Runs);

    [Fact]
    public void So_it_is_in_a_long_conversation_with_many_like_turns()
    {
        var conversation = Conversation.Long(4_000);
        var partition = Ranked.Build(conversation.Changes).Snapshot;
        foreach (var question in conversation.Questions.Append("bread bread").Append("8"))
        {
            var all = Ranked.Shown(Ranked.Rank(partition, question));
            foreach (var limit in new[] { 1, 10, 40, 160, 640 })
                Assert.Equal(all.Take(limit), Ranked.Shown(Ranked.Rank(partition, question, limit)));
        }
    }

    [Fact]
    public void Equal_turns_come_by_session_then_seq_however_many_there_are()
    {
        // One turn a session, said in an order that is not the sessions'.
        var order = Enumerable.Range(0, 200).OrderBy(static number => number * 37 % 200).ToArray();
        var partition = Ranked.Build(order.Select(static (number, i) => Turns.Said(i + 1, $"s{number:D3}", 1, "fresh bread"))).Snapshot;

        var ranked = Ranked.Rank(partition, "bread", 50);

        Assert.Equal(Enumerable.Range(0, 50).Select(static number => $"s{number:D3}"), ranked.Select(static turn => turn.SessionId));
        Assert.Single(ranked.Select(static turn => turn.Score).Distinct());
    }

    [Fact]
    public void Sessions_are_ordered_by_the_codes_of_their_letters()
    {
        var partition = Ranked.Build(new[] { "b", "a.", "a", "B", "a-" }.Select(static (id, i) => Turns.Said(i + 1, id, 1, "fresh bread")))
            .Snapshot;

        Assert.Equal(["B", "a", "a-", "a.", "b"], Ranked.Rank(partition, "bread").Select(static turn => turn.SessionId));
    }

    [Fact]
    public void A_question_without_words_or_vector_finds_nothing()
    {
        var partition = Ranked.Build([Turns.Said(1, "s", 1, "fresh bread")]).Snapshot;

        Assert.Empty(Ranked.Rank(partition, ""));
        Assert.Empty(Ranked.Rank(partition, "...?!"));
    }

    [Fact]
    public void A_scope_without_turns_answers_nothing()
    {
        Assert.Empty(Ranked.Rank(Ranked.Build([]).Snapshot, "bread"));
        Assert.Empty(Ranked.Rank([], "bread"));
    }

    [Fact]
    public void Masks_hide_turns_and_change_nothing_else() =>
        Prop.ForAll(Conversation.Any, MaskGen.ToArbitrary(), static (conversation, mask) =>
        {
            var partition = Ranked.Build(conversation.Changes).Snapshot;
            var open = Ranked.Rank(partition, conversation.Questions[0]);
            var masked = Ranked.Rank(partition, conversation.Questions[0], mask: mask);
            Assert.Equal(Ranked.Shown(open.Where(turn => IsAllowed(conversation, mask, turn))), Ranked.Shown(masked));
        }).Check(Runs.WithMaxTest(400));

    private static Gen<TurnMask> MaskGen { get; } =
        from session in Gen.Elements("s0", "s1", "s9").OrNull()
        from agent in Gen.Elements("agent-a", "agent-b").OrNull()
        from role in Gen.Elements("user", "assistant").OrNull()
        from name in Gen.Elements("Ann", "Bob Stone", "Zoe").OrNull()
        from day in Gen.Choose(0, 400)
        from which in Gen.Choose(0, 4)
        let at = Timestamp.Of(Conversation.FirstDay.AddDays(day))
        select new TurnMask(
            session, agent, role, name,
            OccurredFrom: which == 1 ? at : null, OccurredTo: which == 2 ? at : null, RecordedTo: which == 3 ? at : null);

    private static bool IsAllowed(Conversation conversation, TurnMask mask, RankedTurn ranked)
    {
        var change = conversation.Changes.Single(each => each.Turn.SessionId == ranked.SessionId && each.Turn.Seq == ranked.Seq);
        var turn = change.Turn;
        return (mask.SessionId ?? turn.SessionId) == turn.SessionId
            && (mask.AgentId is null || mask.AgentId == change.AgentId)
            && (mask.Role ?? turn.Role) == turn.Role
            && (mask.Name is null || mask.Name == turn.Name)
            && (mask.OccurredFrom is null || Timestamp.Of(turn.OccurredAt) >= mask.OccurredFrom)
            && (mask.OccurredTo is null || Timestamp.Of(turn.OccurredAt) <= mask.OccurredTo)
            && (mask.RecordedTo is null || Timestamp.Of(turn.RecordedAt) <= mask.RecordedTo);
    }
}
