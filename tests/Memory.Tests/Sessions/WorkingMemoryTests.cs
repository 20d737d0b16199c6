using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Sessions;

public sealed class WorkingMemoryTests
{
    [Fact]
    public void The_window_is_the_longest_tail_within_both_bounds() =>
        Prop.ForAll(Gen.Choose(0, 60).ArrayOf().ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(100, 300).ToArbitrary(),
        static (costs, turnsMax, tokensMax) =>
        {
            var log = Log(costs);
            var view = WorkingMemory.Select(SessionWith(log.Length), log, new WorkingMemoryLimits(turnsMax, tokensMax));

            Assert.Equal(log.TakeLast(view.Turns.Count), view.Turns);
            Assert.Equal(view.Turns.Sum(static turn => turn.Tokens), view.Tokens);
            Assert.InRange(view.Turns.Count, Math.Min(1, log.Length), turnsMax);
            Assert.True(view.Tokens <= tokensMax || view.Turns.Count == 1);
            Assert.Equal(log.Length, view.TurnsBefore + view.Turns.Count);
            if (view.TurnsBefore > 0 && view.Turns.Count < turnsMax)
                Assert.True(view.Tokens + log[view.TurnsBefore - 1].Tokens > tokensMax);
        }).Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void A_tail_is_as_good_as_the_whole_log() =>
        Prop.ForAll(Gen.Choose(0, 60).ArrayOf().ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), static (costs, turnsMax) =>
        {
            var log = Log(costs);
            var limits = new WorkingMemoryLimits(turnsMax, 100);
            var (whole, tail) = (
                WorkingMemory.Select(SessionWith(log.Length), log, limits),
                WorkingMemory.Select(SessionWith(log.Length), [.. log.TakeLast(turnsMax)], limits));
            Assert.Equal(whole.Turns, tail.Turns);
            Assert.Equal(whole.TurnsBefore, tail.TurnsBefore);
        }).Check(SameCases.Quick.WithMaxTest(300));

    [Fact]
    public void The_newest_turn_is_there_however_long_it_is()
    {
        var view = WorkingMemory.Select(SessionWith(3), Log([10, 10, 5_000]), new WorkingMemoryLimits(20, 100));

        Assert.Equal((5_000, 2L), (view.Tokens, view.TurnsBefore));
        Assert.Equal([3], view.Turns.Select(static turn => turn.Seq));
    }

    [Fact]
    public void Turns_may_fill_the_bound_exactly() =>
        Assert.Equal(2, WorkingMemory.Select(SessionWith(3), Log([1, 50, 50]), new WorkingMemoryLimits(20, 100)).Turns.Count);

    [Fact]
    public void A_session_without_turns_has_an_empty_window()
    {
        var view = WorkingMemory.Select(SessionWith(0), [], new WorkingMemoryLimits());

        Assert.Equal((0, 0L, 0), (view.Tokens, view.TurnsBefore, view.Turns.Count));
    }

    [Fact]
    public void A_tail_read_after_the_session_row_may_hold_newer_turns()
    {
        // The row says two turns; the third was committed between the two reads.
        var view = WorkingMemory.Select(SessionWith(2), Log([1, 1, 1]), new WorkingMemoryLimits(2));

        Assert.Equal([2, 3], view.Turns.Select(static turn => turn.Seq));
        Assert.Equal(1, view.TurnsBefore);
    }

    private static Turn[] Log(int[] costs) => [.. costs.Select(static (cost, i) => Turns.Of("s", i + 1, "bread") with { Tokens = cost })];

    private static Session SessionWith(int turns) => new("s", null, null, SessionStatus.Open, turns, turns, Turns.Noon, Turns.Noon);
}
