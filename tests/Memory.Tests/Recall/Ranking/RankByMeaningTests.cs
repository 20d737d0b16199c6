using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>The formula with an encoder, held against plain sums over the turns.</summary>
public sealed class RankByMeaningTests
{
    private static readonly Config Runs = SameCases.Quick.WithMaxTest(150).WithEndSize(40);

    private static readonly TurnCommitted[] Talk =
    [
        Turns.Said(1, "a", 1, "the heron nests by the lake", name: "Ada"), Turns.Said(2, "a", 2, "a green fence?", "assistant"),
        Turns.Said(3, "a", 3, "boats in rain", name: "Ada"), Turns.Said(4, "a", 4, "it was late", "assistant"),
        Turns.Said(5, "b", 1, "we sail next month", name: "Ada"), Turns.Said(6, "b", 2, "varnish the hull", "assistant"),
    ];

    [Fact]
    public void The_parts_sum_to_the_score() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            foreach (var turn in MeaningTalk.Rank(MeaningTalk.Build(conversation.Changes).Snapshot, conversation.Questions[0]))
            {
                var parts = turn.Parts;
                var rest = parts.Lexical + parts.Vector + parts.Smoothing + parts.Session
                    + parts.Meaning.Piece + parts.Meaning.Context + parts.Meaning.StandIn + parts.Meaning.Window + parts.Meaning.Date;
                Assert.Equal(turn.Score, rest + parts.Subject + parts.Quote, 1e-6);
                Assert.Equal((parts.Multiplier - 1) * rest, parts.Subject, 1e-6);
                Assert.InRange(parts.Meaning.Piece, 0, .5);
                Assert.InRange(parts.Meaning.Context, 0, .5);
                Assert.InRange(parts.Meaning.Window, 0, .2);
            }
        }).Check(Runs);

    [Fact]
    public void Pieces_and_contexts_count_by_how_far_they_are_above_the_average() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = MeaningTalk.Build(conversation.Changes).Snapshot;
            var scope = new RankScope([partition], [null]);
            var question = MeaningTalk.Embed(MeaningQuery.TextOf(conversation.Questions[0], scope));
            var texts = TextsOf(conversation.Changes);
            var pieces = Normalize(texts.Where(static each => each.Value.Pieces.Count > 0)
                .ToDictionary(static each => each.Key, each => each.Value.Pieces.Select(piece => Cosine(question, piece)).Max()));
            var contexts = Normalize(texts.ToDictionary(static each => each.Key, each => Cosine(question, each.Value.Context)));
            foreach (var turn in MeaningTalk.Rank(partition, conversation.Questions[0]))
            {
                // Cosines all alike are blurred by 8 bits, and say nothing anyway.
                if (pieces is not null)
                    Assert.Equal(.5 * pieces.GetValueOrDefault((turn.SessionId, turn.Seq)), turn.Parts.Meaning.Piece, .05);
                if (contexts is not null)
                    Assert.Equal(.5 * contexts[(turn.SessionId, turn.Seq)], turn.Parts.Meaning.Context, .05);
            }
        }).Check(Runs);

    [Fact]
    public void Windows_are_documents_of_seven_turns() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var partition = MeaningTalk.Build(conversation.Changes).Snapshot;
            var terms = QueryAnalyzer.TermsOf(MeaningQuery.TextOf(conversation.Questions[0], new RankScope([partition], [null])));
            var expected = WindowOracle.Score(conversation.Changes, terms);
            var best = expected.Values.DefaultIfEmpty(0).Max();
            foreach (var turn in MeaningTalk.Rank(partition, conversation.Questions[0]))
                Assert.Equal(best > 0 ? .2 * expected[(turn.SessionId, turn.Seq)] / best : 0, turn.Parts.Meaning.Window, 1e-4);
        }).Check(Runs);

    [Fact]
    public void Without_vectors_or_with_too_few_the_ranking_is_what_it_is_without_an_encoder() =>
        Prop.ForAll(Conversation.Any, static conversation =>
        {
            var expected = Ranked.Shown(Ranked.Rank(Ranked.Build(conversation.Changes).Snapshot, conversation.Questions[0]));
            Assert.Equal(expected, Ranked.Shown(MeaningTalk.Rank(Ranked.Build(conversation.Changes).Snapshot, conversation.Questions[0])));
            var few = MeaningTalk.Build(conversation.Changes, static turn => turn.Seq % 3 == 0).Snapshot;
            Assert.Equal(expected, Ranked.Shown(MeaningTalk.Rank(few, conversation.Questions[0])));
            var scope = new RankScope([MeaningTalk.Build(conversation.Changes).Snapshot], [null]);
            var ofAnother = MeaningTalk.Ask(scope, conversation.Questions[0]);
            ofAnother = ofAnother with { Meaning = ofAnother.Meaning! with { Space = MeaningTalk.Space with { Id = 8 } } };
            Assert.Equal(expected, Ranked.Shown(new RankTurns(scope, ofAnother, new RankScratch()).Rank(int.MaxValue / 2)));
        }).Check(Runs);

    [Fact]
    public void A_turn_without_vectors_yet_stands_by_its_static_ones()
    {
        TurnCommitted[] talk = [.. Talk, .. Enumerable.Range(0, 8).Select(static i => Turns.Said(7 + i, $"c{i}", 1, "xyzzy"))];
        var ranked = MeaningTalk.Rank(MeaningTalk.Build(talk, static turn => turn.Content != "boats in rain").Snapshot, "boats in rain");
        var missing = MeaningTalk.PartsOf(ranked, "a", 3).Meaning;
        Assert.Equal((0, 0, .5), (missing.Piece, missing.Context, missing.StandIn));
        Assert.All(ranked.Where(static each => each is not { SessionId: "a", Seq: 3 }),
            static each => Assert.Equal(0, each.Parts.Meaning.StandIn));
    }

    [Fact]
    public void Of_a_few_turns_none_stands_behind_for_waiting_for_its_vectors()
    {
        var words = Ranked.Shown(MeaningTalk.Rank(MeaningTalk.Build(Talk, static _ => false).Snapshot, "boats in rain"));
        var waiting = MeaningTalk.Build(Talk, static turn => turn.Content != "boats in rain").Snapshot;
        Assert.Equal(words, Ranked.Shown(MeaningTalk.Rank(waiting, "boats in rain")));
    }

    [Fact]
    public void A_turn_inherits_from_a_question_before_it_and_from_no_other_turn_before()
    {
        var ranked = MeaningTalk.Rank(MeaningTalk.Build(
            [
                Turns.Said(1, "a", 1, "heron?"), Turns.Said(2, "a", 2, "xyzzy"), Turns.Said(3, "b", 1, "heron"),
                Turns.Said(4, "b", 2, "xyzzy"),
                Turns.Said(5, "c", 1, "boats sail, rain falls, hulls rot, fences lean, lakes freeze, plums ripen: heron?"),
                Turns.Said(6, "c", 2, "xyzzy"),
            ]).Snapshot, "heron");
        Assert.Equal(.3 * OwnOf(MeaningTalk.PartsOf(ranked, "a", 1)), MeaningTalk.PartsOf(ranked, "a", 2).Smoothing, 1e-5);
        Assert.Equal(.2 * OwnOf(MeaningTalk.PartsOf(ranked, "c", 1)), MeaningTalk.PartsOf(ranked, "c", 2).Smoothing, 1e-5);
        Assert.DoesNotContain(ranked, static each => each is { SessionId: "b", Seq: 2 } && each.Parts.Smoothing > 0);

        static double OwnOf(ScoreParts parts) => parts.Lexical + parts.Vector + parts.Meaning.Piece + parts.Meaning.Context;
    }

    [Fact]
    public void A_turn_that_only_asks_counts_less()
    {
        var ranked = MeaningTalk.Rank(MeaningTalk.Build(
            [
                Turns.Said(1, "a", 1, "heron?"), Turns.Said(2, "b", 1, "heron"),
                Turns.Said(3, "c", 1, "boats sail, rain falls, hulls rot, fences lean, lakes freeze, plums ripen: heron?"),
            ]).Snapshot, "heron");
        Assert.Equal((.85, 1, 1),
            (MeaningTalk.PartsOf(ranked, "a", 1).Multiplier, MeaningTalk.PartsOf(ranked, "b", 1).Multiplier,
            MeaningTalk.PartsOf(ranked, "c", 1).Multiplier));
    }

    [Fact]
    public void A_question_for_a_time_prefers_turns_that_name_one()
    {
        var partition = MeaningTalk.Build(Talk).Snapshot;
        foreach (var question in new[] { "When do we sail?", "In which month do we sail?" })
            Assert.Equal((.4, 0), MeaningTalk.Rank(partition, question) is var ranked
                ? (MeaningTalk.PartsOf(ranked, "b", 1).Meaning.Date, MeaningTalk.PartsOf(ranked, "b", 2).Meaning.Date) : default);
        Assert.Equal(0, MeaningTalk.PartsOf(MeaningTalk.Rank(partition, "Where do we sail?"), "b", 1).Meaning.Date);
    }

    [Fact]
    public void Who_speaks_tells_nothing_when_the_assistants_words_are_asked_for()
    {
        var partition = MeaningTalk.Build(Talk).Snapshot;
        Assert.All(MeaningTalk.Rank(partition, "What did you recommend for my hull?"),
            static each => Assert.Equal(each is { SessionId: "a", Seq: 2 } ? .85 : 1, each.Parts.Multiplier));
        Assert.Contains(MeaningTalk.Rank(partition, "What did I do with my hull?"), static each => each.Parts.Multiplier == .7);
    }

    [Fact]
    public void A_turn_agrees_with_a_date_by_its_own_day_and_by_the_days_it_names()
    {
        var partition = MeaningTalk.Build(Talk).Snapshot;
        var march = MeaningTalk.Rank(partition, "Who was at the lake in March?");
        Assert.Equal(.6, MeaningTalk.PartsOf(march, "a", 1).Meaning.Date, 6);
        var april = MeaningTalk.Rank(partition, "What did I sail in April 2025?");
        Assert.Equal((.6, 0), (MeaningTalk.PartsOf(april, "b", 1).Meaning.Date, MeaningTalk.PartsOf(april, "b", 2).Meaning.Date));
    }

    private static Dictionary<(string, long), EncoderTexts> TextsOf(IReadOnlyList<TurnCommitted> changes) => changes
        .GroupBy(static change => change.Turn.SessionId, StringComparer.Ordinal)
        .SelectMany(static session => session.Select(static change => change.Turn).ToArray() is var turns
            ? turns.Select((turn, i) => ((turn.SessionId, turn.Seq), EncoderTexts.Of(turn, i == 0 ? null : turns[i - 1]))) : [])
        .ToDictionary(static each => each.Item1, static each => each.Item2);

    private static Dictionary<(string, long), double>? Normalize(Dictionary<(string, long), double> values)
    {
        var (mean, greatest) = values.Count == 0 ? (0, 0) : (values.Values.Average(), values.Values.Max());
        return greatest - mean < .1
            ? null : values.ToDictionary(static each => each.Key, each => Math.Max(0, (each.Value - mean) / (greatest - mean)));
    }

    private static double Cosine(float[] question, string text) =>
        question.Zip(MeaningTalk.Embed(text), static (a, b) => a * (double)b).Sum();
}

/// <summary>The windows' BM25, turn by turn and term by term.</summary>
internal static class WindowOracle
{
    public static Dictionary<(string, long), double> Score(IReadOnlyList<TurnCommitted> changes, IReadOnlyList<WeightedTerm> terms)
    {
        var sessions = changes.GroupBy(static change => change.Turn.SessionId, StringComparer.Ordinal)
            .Select(static session => session.Select(static change => (change.Turn, Terms: TermsOf(change.Turn.Content))).ToArray())
            .ToArray();
        var windows = sessions.SelectMany(static session => Enumerable.Range(0, session.Length).Select(at => Window(session, at)))
            .ToArray();
        var scores = windows.ToDictionary(static window => window.Key, static _ => 0.0);
        var mean = windows.Length == 0 ? 0 : windows.Average(static window => window.Length);
        foreach (var term in terms)
        {
            var containing = windows.Count(window => window.Counts.GetValueOrDefault(term.Hash) > 0);
            var idf = Math.Log(1 + ((windows.Length - containing + .5) / (containing + .5)));
            foreach (var window in windows.Where(window => window.Counts.GetValueOrDefault(term.Hash) > 0))
            {
                var count = window.Counts[term.Hash];
                scores[window.Key] += term.Count * idf * 1.9 * count / (count + (.9 * (.4 + (.6 * window.Length / mean))));
            }
        }

        return scores;
    }

    // By the pieces that are indexed: a "May" that begins one counts as the verb.
    private static List<(ulong Hash, int Count)> TermsOf(string content) =>
        [.. RankingOracle.Pieces(content, 120).SelectMany(QueryAnalyzer.TermsOf).GroupBy(static term => term.Hash)
        .Select(static same => (same.Key, same.Sum(static term => term.Count)))];

    private static ((string, long) Key, Dictionary<ulong, double> Counts, int Length) Window(
        (Turn Turn, List<(ulong Hash, int Count)> Terms)[] session, int at)
    {
        var counts = new Dictionary<ulong, double>();
        var length = 0;
        for (var i = Math.Max(0, at - 3); i <= Math.Min(session.Length - 1, at + 3); i++)
        {
            foreach (var term in session[i].Terms)
            {
                counts[term.Hash] = counts.GetValueOrDefault(term.Hash) + (Math.Min(2, term.Count) * (1 - (.2 * Math.Abs(i - at))));
                length += term.Count;
            }
        }

        return ((session[at].Turn.SessionId, session[at].Turn.Seq), counts, length);
    }
}
