using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Recall.Tiers;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Tiers;

public sealed class FoldRepeatsTests
{
    [Fact]
    public async Task What_was_said_in_four_sessions_is_one_and_the_newest_is_shown_before_the_others()
    {
        var kept = await FoldAsync(
            "I am allergic to peanuts.", "I am allergic to peanuts", "My sister lives in Lyon.", "i am allergic to peanuts!",
            "I am allergic to\npeanuts.");

        Assert.Equal([0, 2], kept.Select(static each => each.Ranked.Turn));
        var (newest, others) = kept[0].Telling!.Order(TurnOf(0, "I am allergic to peanuts."));
        Assert.Equal("s4", newest.SessionId);
        Assert.Equal(["s3", "s1", "s0"], others.Select(static turn => turn.SessionId));
        Assert.Empty(kept[1].Telling!.Again);
    }

    [Theory]
    [InlineData("The ticket costs $50 this year.", "The ticket costs €50 this year.")]
    [InlineData("The ticket costs 50 this year.", "The ticket costs 60 this year.")]
    [InlineData("It was -5 degrees in the morning.", "It was 5 degrees in the morning.")]
    [InlineData("The call is at 10:30 on Monday.", "The call is at 10:30 on Tuesday.")]
    [InlineData("John plays rock music at home.", "John plays rap music at home.")]
    [InlineData("I go to Paris every month.", "I went to Paris every month.")]
    [InlineData("You like the red one.", "You like the red one?")]
    [InlineData("I do like the red one.", "I do not like the red one.")]
    public async Task Different_values_and_meanings_stay_two(string one, string other) =>
        Assert.Equal(2, (await FoldAsync(one, other)).Count);

    [Fact]
    public async Task Short_answers_mean_something_else_each_time() =>
        Assert.Equal(2, (await FoldAsync("Yes, of course.", "Yes, of course.")).Count);

    [Fact]
    public async Task What_two_speakers_say_stays_two()
    {
        Turn[] turns = [TurnOf(0, "We met at the old harbour."), TurnOf(1, "We met at the old harbour.") with { Name = "Ben" }];
        Assert.Equal(2, (await FoldAsync(new PartitionKey("acme", "ada"), turns)).Count);
    }

    [Fact]
    public async Task What_two_speakers_each_say_twice_is_folded_for_each()
    {
        Turn[] turns =
            [.. Enumerable.Range(0, 4).Select(static i => TurnOf(i, "We met at the old harbour.") with { Name = i < 2 ? null : "Ben" })];
        var kept = await FoldAsync(new PartitionKey("acme", "ada"), turns);
        Assert.Equal(["s1", "s3"], kept.Select(static each => Assert.Single(each.Telling!.Again).SessionId));
    }

    [Fact]
    public async Task Sessions_that_belong_to_nobody_are_of_different_people()
    {
        Turn[] turns = [TurnOf(0, "I live near the old harbour."), TurnOf(1, "I live near the old harbour.")];
        Assert.Equal(2, (await FoldAsync(new PartitionKey("acme", null), turns)).Count);
        Assert.Single(await FoldAsync(new PartitionKey("acme", "ada"), turns));
    }

    [Fact]
    public async Task A_repeat_that_a_later_list_brings_is_folded_into_what_was_kept_before()
    {
        Turn[] turns = [TurnOf(0, "I live near the old harbour."), TurnOf(1, "I live near the old harbour.")];
        var candidates = CandidatesOf(new PartitionKey("acme", "ada"), turns);
        var fold = new FoldRepeats((asked, _) => new(Read(asked, turns)));

        var first = await fold.FoldAsync([candidates[0]], CancellationToken.None);
        Assert.Empty(await fold.FoldAsync([candidates[1]], CancellationToken.None));
        Assert.Equal("s1", Assert.Single(first[0].Telling!.Again).SessionId);
    }

    [Fact]
    public async Task What_nobody_repeats_is_not_read()
    {
        var candidates = CandidatesOf(new PartitionKey("acme", "ada"),
            [TurnOf(0, "I live near the old harbour."), TurnOf(1, "I live near the new harbour.")]);
        var fold = new FoldRepeats(static (_, _) => throw new InvalidOperationException("Nothing had to be read."));
        Assert.Equal(2, (await fold.FoldAsync(candidates, CancellationToken.None)).Count);
    }

    private static async Task<IReadOnlyList<Candidate>> FoldAsync(params string[] texts) =>
        await FoldAsync(new PartitionKey("acme", "ada"), [.. texts.Select(static (text, i) => TurnOf(i, text))]);

    private static async Task<IReadOnlyList<Candidate>> FoldAsync(PartitionKey key, Turn[] turns) =>
        await new FoldRepeats((asked, _) => new(Read(asked, turns))).FoldAsync(CandidatesOf(key, turns), CancellationToken.None);

    private static Candidate[] CandidatesOf(PartitionKey key, Turn[] turns)
    {
        var snapshot = Ranked.Build(turns.Select(static (turn, i) => new TurnCommitted(i + 1, turn, null)), key: key).Snapshot;
        return [.. turns.Select((_, i) => new Candidate(new RankedTurn(snapshot, i, default), 1.0 / (i + 1)))];
    }

    private static IReadOnlyList<Candidate> Read(IReadOnlyList<Candidate> asked, Turn[] turns) =>
        [.. asked.Select(each => each with { Turn = turns[each.Ranked.Turn] })];

    private static Turn TurnOf(int session, string text) =>
        new($"s{session}", 1, $"t{session}", "user", null, text, Some.Start.AddDays(session), Some.Start.AddDays(session), null, 8);
}
