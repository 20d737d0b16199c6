using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memory.Tests.Recall.Tiers;

public sealed class MergeTiersTests
{
    private static readonly string[] Words = ["Ann", "lives", "bakes", "bread", "in", "Berlin", "oven", "music", "loudly", "often"];

    [Fact]
    public void Nothing_is_listed_twice_the_best_stays_and_turns_keep_their_order() =>
        Prop.ForAll(Lists.ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), static (lists, limit) =>
        {
            var (turns, memories) = (Sorted(lists.Turns), Sorted(lists.Memories));
            var merged = Merge(turns, memories, limit);

            Assert.InRange(merged.Count, 0, limit);
            Assert.Equal(merged.OrderByDescending(static item => item.Score).Select(static item => item.Score),
                merged.Select(static item => item.Score));
            Assert.Equal(turns.Where(merged.Contains), merged.Where(static item => item.Memory is null));
            if (turns.Concat(memories).MaxBy(static item => item.Score) is { } best)
                Assert.Equal(best.Score, merged[0].Score);
            var contents = merged.Where(static item => item.Memory is not null).Select(static item => item.Memory!.Content).ToArray();
            Assert.Distinct(contents);
            Assert.DoesNotContain(merged, item => item.Memory is null && contents.Contains(item.Turn!.Content));
        }).Check(SameCases.Quick.WithMaxTest(200));

    [Fact]
    public void A_fact_goes_when_the_turn_it_rests_on_is_there()
    {
        var turn = Turn(1, "I live in Berlin now, near the park.", 2);
        Assert.Equal([turn], Merge([turn], [Fact("f", "Ann lives in Berlin.", 1, 1)]));
    }

    [Fact]
    public void A_turn_goes_when_a_better_fact_says_as_much_of_the_question_in_fewer_tokens()
    {
        var fact = Fact("f", "Ann lives in Berlin.", 2, 1);
        Assert.Equal([fact], Merge([Turn(1, "By the way, I have moved, and Berlin is lovely in the spring.", 1)], [fact]));
        Assert.Equal(2, Merge([Turn(2, "By the way, I have moved, and Berlin is lovely in the spring.", 1)], [fact]).Count);
    }

    [Fact]
    public void What_does_not_fit_the_budget_says_nothing()
    {
        var long1 = Turn(1, string.Join(' ', Enumerable.Repeat("I live in Berlin", 40)), 2);
        var fact = Fact("f", "Ann lives in Berlin.", 1, 1);
        Assert.Equal([fact], Merge([long1], [fact], 10, 20));
    }

    [Fact]
    public void A_turn_that_quotes_the_question_stays_beside_a_fact_that_says_its_words_in_another_order()
    {
        var turn = Turn(1, "By the way, I have moved, and Berlin is lovely in the spring.", 1);
        var quoting = turn with { Ranked = turn.Ranked with { Parts = new ScoreParts(1, 0, 0, 0, 1) { Quote = 0.5 } } };
        Assert.Equal(2, Merge([quoting], [Fact("f", "Ann lives in Berlin.", 2, 1)]).Count);
    }

    private static Gen<(Candidate[] Turns, Candidate[] Memories)> Lists =>
        from turns in Gen.Choose(0, 8)
        from memories in Gen.Choose(0, 8)
        from contents in Text.ArrayOf(turns + memories)
        from scores in Gen.Choose(1, 30).ArrayOf(turns + memories)
        from seqs in Gen.Choose(1, 8).ArrayOf(memories)
        select (
            Enumerable.Range(0, turns).Select(i => Turn(i + 1, contents[i], scores[i] / 10.0)).ToArray(),
            Enumerable.Range(0, memories).Select(i => Fact($"m{i}", contents[turns + i], scores[turns + i] / 10.0, seqs[i])).ToArray());

    private static Gen<string> Text =>
        Gen.Choose(1, 4).SelectMany(static count => Gen.Elements(Words).ArrayOf(count)).Select(static words => string.Join(' ', words));

    private static Candidate[] Sorted(IEnumerable<Candidate> items) => [.. items.OrderByDescending(static item => item.Score)];

    private static IReadOnlyList<Candidate> Merge(
        IReadOnlyList<Candidate> turns, IReadOnlyList<Candidate> memories, int limit = 10, int tokensMax = int.MaxValue)
    {
        var merge = new MergeTiers("acme", QueryAnalyzer.TermsOf("Berlin"), tokensMax, new FactTexts(Some.Embedder, new LeftOutItems(), 4));
        foreach (var each in turns.Concat(memories).OrderByDescending(static each => each.Score)
            .ThenBy(static each => each.Memory is not null))
        {
            if (merge.Kept.Count < limit)
                merge.Offer(each);
        }

        return merge.Kept;
    }

    private static Candidate Turn(long seq, string content, double score)
    {
        var said = new Turn("s1", seq, $"s1-t{seq}", "user", "Ann", content, Some.Start, Some.Start, null, TokenEstimate.Of(content));
        return new Candidate(Row(said), score) { Turn = said };
    }

    private static Candidate Fact(string id, string content, double score, long seq)
    {
        var memory = Some.Fact(id) with { Content = content, Sources = [Some.Turn(seq)] };
        return new Candidate(Row(MemoryDocument.ToTurn(memory)), score) { Memory = memory };
    }

    private static RankedTurn Row(Turn turn) => new(Ranked.Build([new TurnCommitted(1, turn, null)]).Snapshot, 0, default);
}
