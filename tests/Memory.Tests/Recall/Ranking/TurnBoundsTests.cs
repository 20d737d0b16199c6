using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class TurnBoundsTests
{
    private const int Turns = 700;
    private const float Scale = 0.3f;
    private static readonly NeighbourShares Shares = NeighbourShares.Lexical;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(64)]
    [InlineData(Turns)]
    public void A_bound_is_what_a_turn_its_neighbours_and_its_session_make_when_the_turn_before_asked(int inARow)
    {
        var partition = Build(inARow);
        var random = new Random(inARow);
        var bases = Enumerable.Range(0, Turns).Select(_ => (random.NextSingle() * 2.2f) - 0.2f).ToArray();
        var priors = Enumerable.Range(0, partition.SessionCount).Select(_ => random.NextSingle()).ToArray();
        var bounds = new float[Turns];

        TurnBounds.Write(partition, bases, priors, Scale, Shares, bounds);

        for (var turn = 0; turn < Turns; turn++)
        {
            var row = partition.Turns[turn];
            var expected = bases[turn] + (Scale * priors[row.Session]) + (Shares.PreviousQuestion * Math.Max(0, Of(row.Previous)))
                + (Shares.Next * Of(row.Next)) + (Shares.TwoAway * (Of(row.SecondPrevious) + Of(row.SecondNext)));
            Assert.Equal(expected, bounds[turn], TurnBounds.Slack / 10);
        }

        float Of(int turn) => turn < 0 || turn >= Turns ? 0 : bases[turn];
    }

    [Fact]
    public void A_snapshot_knows_nothing_of_the_turns_that_came_after_it()
    {
        var partition = Fill(new IndexPartition(new PartitionKey("acme", null), 16), 0, 40, inARow: 40);
        var before = partition.Snapshot;
        Fill(partition, 40, 40, inARow: 40);
        var (own, bounds) = (Enumerable.Repeat(1f, 40).ToArray(), new float[40]);

        TurnBounds.Write(before, own, new float[before.SessionCount], Scale, Shares, bounds);

        Assert.Equal(1 + Shares.PreviousQuestion + Shares.TwoAway, bounds[39], TurnBounds.Slack);
    }

    [Fact]
    public void The_next_turn_is_the_first_whose_bound_reaches_the_least()
    {
        var random = new Random(5);
        var bounds = Enumerable.Range(0, 101).Select(_ => random.NextSingle()).ToArray();
        foreach (var least in new[] { 0f, 0.5f, 0.9f, 0.99f, 2f, float.NegativeInfinity })
        {
            for (var from = 0; from <= bounds.Length; from++)
                Assert.Equal(Array.FindIndex(bounds, from, bound => bound >= least), TurnBounds.Next(bounds, from, least));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(2_000)]
    public void The_greatest_bounds_are_found_in_the_turns_order(int count)
    {
        var random = new Random(count);
        var bounds = Enumerable.Range(0, 1_000).Select(_ => random.NextSingle()).ToArray();
        var expected = Enumerable.Range(0, bounds.Length).OrderByDescending(turn => bounds[turn]).Take(count).Order();

        Assert.Equal(expected, TurnBounds.FindGreatest(bounds, count));
    }

    [Fact]
    public void Of_equal_bounds_so_many_are_found_as_were_asked_for() =>
        Assert.Equal(7, TurnBounds.FindGreatest(new float[100], 7).Length);

    private static PartitionSnapshot Build(int inARow) =>
        Fill(new IndexPartition(new PartitionKey("acme", null), 16), 0, Turns, inARow).Snapshot;

    // Three sessions take turns, each with so many turns in a row.
    private static IndexPartition Fill(IndexPartition partition, int from, int count, int inARow)
    {
        for (var turn = from; turn < from + count; turn++)
        {
            partition.Append(new AnalyzedTurn(
                turn + 1, $"s{turn / inARow % 3}", null, turn + 1, "user", null, 0, 0, AsksQuestion: false, [], [], []));
        }

        partition.Publish(from + count);
        return partition;
    }
}
