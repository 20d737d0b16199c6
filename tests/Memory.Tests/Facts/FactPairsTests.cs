using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Memory.Tests.Memories;

namespace MemoryOrleans.Memory.Tests.Facts;

public sealed class FactPairsTests
{
    public static TheoryData<int> CompatibleRows => [.. Enumerable.Range(0, FactPairs.Compatible.Length)];

    public static TheoryData<int> UpdateRows => [.. Enumerable.Range(0, FactPairs.Updates.Length)];

    public static TheoryData<int> SameRows => [.. Enumerable.Range(0, FactPairs.Same.Length)];

    [Fact]
    public void There_are_enough_pairs()
    {
        Assert.True(FactPairs.Compatible.Length >= 40);
        Assert.True(FactPairs.Updates.Length >= 20);
    }

    [Theory]
    [MemberData(nameof(CompatibleRows))]
    public void Facts_that_only_look_alike_stand_side_by_side(int row)
    {
        var pair = FactPairs.Compatible[row];
        AssertBothStand(pair, Say(pair, withClaims: true));
        AssertBothStand(pair, Say(pair, withClaims: false));
        AssertBothStand(pair, Say(new FactPair(pair.Second, pair.SecondClaim, pair.First, pair.FirstClaim), withClaims: false));
    }

    [Theory]
    [MemberData(nameof(UpdateRows))]
    public void An_update_takes_the_old_facts_place_and_the_old_one_stays_readable(int row)
    {
        var pair = FactPairs.Updates[row];
        var log = Say(pair, withClaims: true);

        var (old, update) = (log.Find(pair.First), log.Find(pair.Second));
        Assert.Equal(MemoryStatus.Superseded, old.Status);
        Assert.Equal(update.ValidFrom, old.ValidTo);
        Assert.Equal(update.Id, old.SupersededBy);
        Assert.Equal(MemoryStatus.Active, update.Status);
        Assert.Null(update.ValidTo);
        Assert.Equal(old.Operation, update.Operation);
        Assert.Equal(Some.Day(1), log.History(old.Id)[0].SupersededAt);
    }

    [Theory]
    [MemberData(nameof(UpdateRows))]
    public void An_update_without_claims_supersedes_nothing(int row) =>
        AssertBothStand(FactPairs.Updates[row], Say(FactPairs.Updates[row], withClaims: false));

    [Theory]
    [MemberData(nameof(SameRows))]
    public void One_fact_in_two_wordings_is_one_memory_with_both_sources(int row)
    {
        var (first, second) = FactPairs.Same[row];
        var log = Say(new FactPair(first, "", second, ""), withClaims: false);

        var fact = Assert.Single(log.Current);
        Assert.Equal(first, fact.Content);
        Assert.Equal(2, fact.Sources.Count);
        Assert.True(fact.Salience.Value > 0.9);
    }

    private static void AssertBothStand(FactPair pair, MemoryLog log)
    {
        Assert.Equal(2, log.Current.Count);
        Assert.All(log.Current, memory => Assert.True(
            memory is { Status: MemoryStatus.Active, ValidTo: null, Version: 1 }, $"{pair}: {memory.Content} is {memory.Status}"));
    }

    private static MemoryLog Say(FactPair pair, bool withClaims)
    {
        var log = new MemoryLog();
        log.Say(0, Statement(pair.First, pair.FirstClaim, 0, "s1", withClaims));
        log.Say(1, Statement(pair.Second, pair.SecondClaim, 1, "s2", withClaims));
        return log;
    }

    private static FactCandidate Statement(string content, string claim, double day, string session, bool withClaim) =>
        Some.Said(content, withClaim ? FactPair.Claim(claim) : null, day, session, importance: 0.9);
}
