using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Memory.Tests.Memories;

public sealed class SalienceCurveTests
{
    private static readonly DateTimeOffset Start = new(2025, 3, 3, 9, 0, 0, TimeSpan.Zero);
    private static readonly SalienceCurve Curve = new(new SalienceRules());
    private static readonly Arbitrary<int> Minutes = Gen.Choose(0, 2_000_000).ToArbitrary();
    private static readonly Arbitrary<int> Thousandths = Gen.Choose(0, 1_000).ToArbitrary();

    [Fact]
    public void Half_is_left_after_the_half_life_of_the_tier_or_of_the_kind()
    {
        var curve = new SalienceCurve(new SalienceRules { KindHalfLifeDays = new Dictionary<string, double> { ["reflection"] = 7 } });

        Assert.Equal(0.4, curve.At(Of(0.8), Start.AddDays(180)), 1e-9);
        Assert.Equal(0.4, curve.At(Of(0.8) with { Tier = MemoryTier.Episodic }, Start.AddDays(30)), 1e-9);
        Assert.Equal(0.4, curve.At(Of(0.8) with { Kind = "reflection" }, Start.AddDays(7)), 1e-9);
    }

    [Fact]
    public void Pinned_memories_do_not_decay() =>
        Assert.Equal(0.8, Curve.At(Of(0.8) with { IsPinned = true }, Start.AddDays(10_000)), 1e-12);

    [Fact]
    public void Decay_is_monotone_and_stays_within_bounds() =>
        Prop.ForAll(Thousandths, Minutes, Minutes, static (value, one, other) =>
        {
            var (sooner, later) = (At(value, Math.Min(one, other)), At(value, Math.Max(one, other)));
            Assert.InRange(later, 0, sooner);
            Assert.InRange(sooner, 0, value / 1000.0);
        }).Check(SameCases.Quick.WithMaxTest(2_000));

    [Fact]
    public void Decay_in_two_steps_is_decay_in_one() =>
        Prop.ForAll(Thousandths, Minutes, Minutes, static (value, first, second) =>
        {
            var midway = Of(At(value, first)) with { Salience = new Salience(At(value, first), Start.AddMinutes(first)) };
            Assert.Equal(At(value, first + second), Curve.At(midway, Start.AddMinutes(first + second)), 1e-12);
        }).Check(SameCases.Quick.WithMaxTest(2_000));

    [Fact]
    public void Reinforcement_never_lowers_and_never_passes_one() =>
        Prop.ForAll(
            Thousandths, Minutes, Gen.Elements(Enum.GetValues<Reinforcement>()).ToArbitrary(),
            static (value, after, reinforcement) =>
            {
                var at = Start.AddMinutes(after);
                var raised = Curve.Reinforce(Of(value / 1000.0), reinforcement, at);
                Assert.InRange(raised.Value, Curve.At(Of(value / 1000.0), at), 1);
                Assert.Equal(at, raised.At);
            }).Check(SameCases.Quick.WithMaxTest(2_000));

    [Fact]
    public void A_citation_adds_its_share_of_what_is_missing() =>
        Assert.Equal(0.6 + (0.4 * 0.15), Curve.Reinforce(Of(0.6), Reinforcement.Citation, Start).Value, 1e-12);

    [Fact]
    public void A_late_reinforcement_counts_from_when_the_salience_was_last_written() =>
        Assert.Equal(
            Curve.Reinforce(Of(0.6), Reinforcement.Citation, Start),
            Curve.Reinforce(Of(0.6), Reinforcement.Citation, Start.AddDays(-3)));

    [Fact]
    public void Settings_out_of_range_are_named_all_at_once()
    {
        var rules = new SalienceRules { EpisodicHalfLifeDays = 0, CitationGain = 1.1, RecallGain = double.NaN };

        Assert.Equal(
            ["MEMORY_SALIENCE_HALF_LIFE_EPISODIC_DAYS", "MEMORY_SALIENCE_CITATION_GAIN", "MEMORY_SALIENCE_RECALL_GAIN"],
            rules.Check().Select(static error => error.Field));
        Assert.Empty(new SalienceRules().Check());
    }

    [Fact]
    public void A_batch_applies_in_time_order_whatever_order_it_was_filled_in()
    {
        (Reinforcement, int)[] events =
            [(Reinforcement.Citation, 30), (Reinforcement.UsedRecall, 5), (Reinforcement.Citation, 1), (Reinforcement.Repetition, 12)];
        var expected = events.OrderBy(static each => each.Item2).Aggregate(
            Of(0.3), static (memory, each) => memory with { Salience = Curve.Reinforce(memory, each.Item1, Start.AddDays(each.Item2)) });

        foreach (var order in new[] { events, [.. events.Reverse()] })
        {
            var batch = new ReinforcementBatch();
            foreach (var (reinforcement, day) in order)
                Assert.True(batch.TryAdd("m1", reinforcement, Start.AddDays(day)));

            var update = Assert.Single(batch.Apply([Of(0.3), Of(0.3) with { Id = "m2" }], Curve));
            Assert.Equal(new SalienceUpdate("m1", expected.Salience), update);
        }
    }

    [Fact]
    public void A_full_batch_takes_no_more_and_an_erased_memory_none()
    {
        var batch = new ReinforcementBatch(countMax: 2);

        Assert.True(batch.TryAdd("m1", Reinforcement.Citation, Start));
        Assert.True(batch.TryAdd("m1", Reinforcement.Citation, Start));
        Assert.False(batch.TryAdd("m2", Reinforcement.Citation, Start));
        Assert.Empty(batch.Apply([Of(0.3) with { Status = MemoryStatus.Erased }], Curve));
    }

    private static double At(int thousandths, int minutes) => Curve.At(Of(thousandths / 1000.0), Start.AddMinutes(minutes));

    private static MemoryRecord Of(double salience) => Some.Fact("m1") with { Salience = new Salience(salience, Start) };
}
