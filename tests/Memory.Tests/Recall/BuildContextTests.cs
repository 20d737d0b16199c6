using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall;

public sealed class BuildContextTests : IDisposable
{
    private static readonly SessionKey Key = new("acme", "s1");
    private readonly RecalledConversation memory = new(Conversation.Long(60));

    public void Dispose() => memory.Dispose();

    [Fact]
    public void Without_a_question_it_is_the_window()
    {
        var block = memory.BuildContext(Key, question: null, 10_000).Value;

        Assert.Equal(memory.Store.TurnsOf(Key).TakeLast(RecalledConversation.WindowTurns).Select(static turn => turn.Id),
            block.Citations.Select(static each => each.Sources[0].TurnId));
        Assert.All(block.Citations, static each => Assert.Equal("working_memory", each.Section));
    }

    [Fact]
    public void With_a_question_recall_adds_what_lies_beyond_the_window()
    {
        var block = memory.BuildContext(Key, "bread and music", 10_000).Value;

        var recalled = block.Citations.Where(static each => each.Section == "recalled")
            .Select(static each => (each.Sources[0].SessionId, each.Sources[0].Seq)).ToArray();
        var ranked = memory.RankAll("bread and music").Select(static each => (each.Turn.SessionId, each.Turn.Seq)).Take(50);
        var window = memory.Store.TurnsOf(Key).TakeLast(RecalledConversation.WindowTurns).Select(static turn => (turn.SessionId, turn.Seq))
            .ToArray();
        Assert.Equal(ranked.Except(window), recalled);
        Assert.Equal(RecalledConversation.WindowTurns, block.Citations.Count - recalled.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(200)]
    public void It_keeps_to_its_budget(int budget) => Assert.InRange(memory.BuildContext(Key, "bread", budget).Value.Tokens, 0, budget);

    [Fact]
    public void There_is_none_of_a_session_that_does_not_exist()
    {
        Assert.Equal(ErrorCode.NotFound, memory.BuildContext(new SessionKey("acme", "nowhere"), "bread", 100).Error!.Code);
        Assert.Equal(ErrorCode.NotFound, memory.BuildContext(new SessionKey("other", "s1"), null, 100).Error!.Code);
    }
}
