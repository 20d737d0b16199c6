using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class QuoteArmTests
{
    private static readonly string[] Words = ["the", "of", "to", "we", "bread", "oven", "park", "music", "stone", "and", "in", "concert"];

    [Fact]
    public void A_quotation_is_found_wherever_it_stands() =>
        Prop.ForAll(TextGen(1, 300).ToArbitrary(), TextGen(4, 12).ToArbitrary(), Places.ToArbitrary(), static (text, quote, places) =>
        {
            var (at, others) = places;
            var words = text.Split(' ').ToList();
            words.Insert(Math.Min(at, words.Count), quote);
            var said = Enumerable.Range(0, others).Select(i => Turns.Said(i + 1, "s", i + 1, $"number {i} of many turns that say the same"))
                .Append(Turns.Said(others + 1, "s", others + 1, string.Join(' ', words)));

            var ranked = Ranked.Rank(Ranked.Build(said).Snapshot, quote, limit: 3);

            Assert.Equal(RankerWeights.Quote, ranked.First(turn => turn.Seq == others + 1).Parts.Quote, 1e-6);
        }).Check(SameCases.Quick.WithMaxTest(100));

    // Where it begins a sentence it may be the verb, so one word of the quotation is missed; the others tell.
    [Fact]
    public void One_that_begins_with_the_name_of_a_month_by_its_other_words()
    {
        var ranked = Ranked.Rank(Ranked.Build([Turns.Said(1, "s", 1, "we met in May bread music stone concert")]).Snapshot,
            "May bread music stone concert");
        Assert.InRange(ranked[0].Parts.Quote, 1, RankerWeights.Quote - 1e-6);
    }

    [Fact]
    public void Even_one_of_stop_words_alone()
    {
        var said = Enumerable.Range(1, 200).Select(static i => Turns.Said(i, "s", i, "not to be is to be or not"))
            .Append(Turns.Said(201, "s", 201, "to be or not to be"));
        Assert.Equal(201, Ranked.Rank(Ranked.Build(said).Snapshot, "to be or not to be", limit: 1)[0].Seq);
    }

    [Fact]
    public void Three_words_in_a_row_are_none()
    {
        var partition = Ranked.Build([Turns.Said(1, "s", 1, "bread from the oven")]).Snapshot;
        Assert.Equal(0, Ranked.Rank(partition, "from the oven music")[0].Parts.Quote);
        Assert.InRange(Ranked.Rank(partition, "bread from the oven music")[0].Parts.Quote, 0.01, 1.99);
    }

    [Fact]
    public void What_was_hidden_or_swept_away_is_not_quoted()
    {
        var partition = Ranked.Build([Turns.Said(1, "a", 1, "bread from the old oven"), Turns.Said(2, "b", 1, "bread from the old oven")]);
        partition.Hide("a");
        partition.Publish(2);
        Assert.Equal(["b"], Ranked.Rank(partition.Snapshot, "bread from the old oven").Select(static turn => turn.SessionId));
        var swept = partition.Without(new HashSet<string>());
        Assert.Equal(RankerWeights.Quote, Ranked.Rank(swept.Snapshot, "bread from the old oven").Single().Parts.Quote, 1e-6);
    }

    private static Gen<(int At, int Others)> Places => from at in Gen.Choose(0, 300) from others in Gen.Choose(0, 600) select (at, others);

    private static Gen<string> TextGen(int least, int most) => Gen.Choose(least, most)
        .SelectMany(static count => Gen.Elements(Words).ArrayOf(count)).Select(static words => string.Join(' ', words));
}
