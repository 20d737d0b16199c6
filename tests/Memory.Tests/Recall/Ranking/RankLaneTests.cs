using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class RankLaneTests
{
    private static readonly PartitionSnapshot Partition = Ranked.Build(Conversation.Long(300).Changes).Snapshot;

    [Fact]
    public async Task Rankings_side_by_side_are_those_made_alone()
    {
        using var lane = new RankLane(2);
        string[] questions = ["bread and music", "Where did I go?", "What did Ann bake?", "8", "面包", ""];
        var expected = questions.Select(static question => Ranked.Shown(Ranked.Rank(Partition, question, 20))).ToArray();

        for (var round = 0; round < 20; round++)
        {
            var rankings = await Task.WhenAll(questions.Select(question => Task.Run(() => RankAsync(lane, question))));
            for (var i = 0; i < questions.Length; i++)
                Assert.Equal(expected[i], Ranked.Shown(rankings[i]));
        }
    }

    [Fact]
    public async Task A_ranking_that_throws_gives_its_place_back()
    {
        using var lane = new RankLane(1);
        var scope = new RankScope([Partition], []);
        await Assert.ThrowsAsync<IndexOutOfRangeException>(
            async () => await lane.RankAsync(scope, Ask("bread"), 20, CancellationToken.None));

        Assert.NotEmpty(await RankAsync(lane, "bread"));
    }

    [Fact]
    public async Task A_caller_that_has_given_up_is_not_served()
    {
        using var lane = new RankLane(1);
        var scope = new RankScope([Partition], [null]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await lane.RankAsync(scope, Ask("bread"), 20, new CancellationToken(canceled: true)));
    }

    private static async Task<IReadOnlyList<RankedTurn>> RankAsync(RankLane lane, string question) =>
        await lane.RankAsync(new RankScope([Partition], [null]), Ask(question), 20, CancellationToken.None);

    private static RankQuery Ask(string question) =>
        new QueryAnalyzer(WordEmbedder.Small).Analyze(question, new RankScope([Partition], [null]));
}
