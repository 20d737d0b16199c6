using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

/// <summary>Skipping what cannot reach the top against the plain scan.</summary>
public sealed class BoundedScanTests
{
    [Fact]
    public void The_ranking_is_that_of_the_full_scan_to_the_last_bit() =>
        Prop.ForAll(Conversation.Any, Gen.Choose(1, 6).ToArbitrary(), static (conversation, limit) =>
        {
            var partition = Ranked.Build(conversation.Changes).Snapshot;
            foreach (var question in conversation.Questions)
                Compare([partition], question, limit, mask: null);
        }).Check(SameCases.Quick.WithMaxTest(300).WithStartSize(20).WithEndSize(60));

    [Fact]
    public void So_it_is_over_several_partitions_with_masks_and_hidden_sessions()
    {
        var (one, other) = (Ranked.Build(Conversation.Long(1_500).Changes), Ranked.Build(Conversation.Long(900).Changes));
        one.Hide(Conversation.SessionId(1));
        one.Publish(one.Snapshot.Watermark);
        foreach (var mask in new[] { null, new TurnMask(Role: "assistant"), new TurnMask(SessionId: Conversation.SessionId(2)) })
        {
            foreach (var question in Conversation.Long(40).Questions.Append("Bob went running in the park").Append("хлеб"))
                Compare([one.Snapshot, other.Snapshot], question, 10, mask);
        }
    }

    private static void Compare(IReadOnlyList<PartitionSnapshot> partitions, string question, int limit, TurnMask? mask) =>
        Assert.Equal(Ranked.Shown(Rank(partitions, question, limit, mask, int.MaxValue)),
        Ranked.Shown(Rank(partitions, question, limit, mask, 0)));

    private static IReadOnlyList<RankedTurn> Rank(
        IReadOnlyList<PartitionSnapshot> partitions, string question, int limit, TurnMask? mask, int boundsFrom)
    {
        var scope = new RankScope(partitions, [.. partitions.Select(_ => mask)]);
        return new RankTurns(scope, new QueryAnalyzer(WordEmbedder.Small).Analyze(question, scope), new RankScratch(), boundsFrom)
            .Rank(limit);
    }
}
