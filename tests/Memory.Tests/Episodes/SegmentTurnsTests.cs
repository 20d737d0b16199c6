using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Episodes;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Episodes;

public sealed class SegmentTurnsTests
{
    private static readonly string[] Bread =
        ["The sourdough needs flour and water", "Knead the sourdough, then bake the loaf", "The oven bakes the loaf with steam",
        "Flour, water, salt: a loaf of bread"];
    private static readonly string[] Sails =
        ["The sail tore in the storm near the harbour", "A new mast and sail for the boat", "The boat left the harbour at dawn",
        "Storm and wind broke the boat's mast"];

    [Fact]
    public void A_long_pause_begins_a_new_episode()
    {
        var turns = Run([.. Bread, .. Bread], at => at < 4 ? 0 : SegmentTurns.PauseMin.TotalMinutes);

        Assert.Equal([0..4, 4..8], SegmentTurns.Split(turns, 40, WordEmbedder.Small));
    }

    [Fact]
    public void A_shorter_pause_does_not()
    {
        var turns = Run([.. Bread, .. Bread], at => at < 4 ? 0 : SegmentTurns.PauseMin.TotalMinutes - 1);

        Assert.Equal([0..8], SegmentTurns.Split(turns, 40, WordEmbedder.Small));
    }

    [Fact]
    public void A_pause_leaves_no_crumbs()
    {
        var turns = Run([.. Bread, .. Bread], at => at < 7 ? 0 : 10_000);

        Assert.Equal([0..8], SegmentTurns.Split(turns, 40, WordEmbedder.Small));
    }

    [Fact]
    public void A_change_of_subject_begins_a_new_episode()
    {
        var turns = Run([.. Bread, .. Bread, .. Bread, .. Sails, .. Sails, .. Sails], _ => 0);

        Assert.Equal([0..12, 12..24], SegmentTurns.Split(turns, 40, WordEmbedder.Small));
    }

    [Fact]
    public void Too_many_turns_are_cut_into_even_episodes()
    {
        var turns = Run([.. Enumerable.Repeat("Rain again", 90)], _ => 0);
        var lengths = SegmentTurns.Split(turns, 40, WordEmbedder.Small).Select(range => range.GetOffsetAndLength(90).Length).ToArray();

        Assert.Equal(3, lengths.Length);
        Assert.All(lengths, length => Assert.InRange(length, 20, 40));
    }

    [Fact]
    public void Every_turn_is_in_one_episode_and_none_has_too_many() =>
        Prop.ForAll(
            Gen.Choose(2, 9).SelectMany(max => Gen.Choose(0, 300).ArrayOf().Where(gaps => gaps.Length > 0)
            .Select(gaps => (Max: max, Gaps: gaps))).ToArbitrary(),
            sample =>
            {
                var minutes = sample.Gaps.Select((_, i) => sample.Gaps.Take(i + 1).Sum()).ToArray();
                var turns = Run([.. sample.Gaps.Select(gap => gap % 2 == 0 ? Bread[gap % 4] : Sails[gap % 4])], at => minutes[at]);
                var ranges = SegmentTurns.Split(turns, sample.Max, WordEmbedder.Small)
                    .Select(range => range.GetOffsetAndLength(turns.Length)).ToArray();
                return ranges.SelectMany(range => Enumerable.Range(range.Offset, range.Length))
                    .SequenceEqual(Enumerable.Range(0, turns.Length))
                    && ranges.All(range => range.Length >= 1 && range.Length <= sample.Max);
            }).Check(SameCases.Quick.WithMaxTest(200));

    private static Turn[] Run(string[] texts, Func<int, double> minutes) =>
        [.. texts.Select((text, i) => Turns.Of("s", i + 1, text, at: Turns.Noon.AddMinutes(minutes(i))))];
}
