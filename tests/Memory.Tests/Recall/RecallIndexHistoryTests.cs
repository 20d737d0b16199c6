using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Recall.Ranking;
using MemoryOrleans.Recall;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class RecallIndexHistoryTests
{
    private static readonly PartitionKey Ada = new("acme", "ada");

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    public void Any_history_reads_as_a_partition_built_of_what_is_left(double hiddenShareMax) =>
        Prop.ForAll(Conversation.Any, StepGen.ArrayOf().ToArbitrary(),
        (conversation, steps) => PlayAsync(conversation, steps, hiddenShareMax).GetAwaiter().GetResult())
            .Check(SameCases.Quick.WithMaxTest(150).WithEndSize(40));

    private static async Task PlayAsync(Conversation conversation, Step[] steps, double hiddenShareMax)
    {
        var feed = new ScriptedFeed { BatchMax = 3 };
        var index = new RecallIndex(feed, WordEmbedder.Small, new FakeClock(),
            new RecallIndexLimits(TimeSpan.FromHours(1), long.MaxValue) { HiddenShareMax = hiddenShareMax });
        var left = new List<TurnCommitted>();
        var next = 0;
        var change = 0;
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Say when next < conversation.Sayings.Length:
                    left.Add(conversation.Changes[next++] with { Change = ++change });
                    feed.Commit(Ada, left[^1]);
                    break;
                case Step.RemoveFirst or Step.RemoveSecond:
                    var session = Conversation.SessionId(step == Step.RemoveFirst ? 0 : 1);
                    left.RemoveAll(each => each.Turn.SessionId == session);
                    feed.Commit(Ada, new SessionRemoved(++change, session));
                    break;
                default:
                    var snapshots = await index.ReadAsync("acme", [Ada], CancellationToken.None);
                    Assert.Equal(
                        Ranked.Shown(Ranked.Rank([Ranked.Build(left).Snapshot], conversation.Questions[0])),
                        Ranked.Shown(Ranked.Rank(snapshots, conversation.Questions[0])));
                    break;
            }
        }
    }

    private static Gen<Step> StepGen => Gen.Frequency(
        (8, Gen.Constant(Step.Say)), (1, Gen.Constant(Step.RemoveFirst)), (1, Gen.Constant(Step.RemoveSecond)),
        (4, Gen.Constant(Step.Read)));

    private enum Step
    {
        Say,
        RemoveFirst,
        RemoveSecond,
        Read,
    }
}
