using MemoryOrleans.Cli.Import;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests.Import;

public sealed class TurnBatchTests
{
    private readonly TurnBatch batch = new(turnsMax: 3, bytesMax: 10_000);

    [Fact]
    public void A_batch_holds_one_sessions_turns_up_to_both_limits()
    {
        Assert.True(batch.TryAdd(Turn("s", "1")));
        Assert.False(batch.TryAdd(Turn("other", "2")));
        Assert.False(batch.TryAdd(Turn("s", "2") with { UserId = "u" }));
        Assert.False(batch.TryAdd(Turn("s", "2") with { AgentId = "a" }));
        Assert.False(batch.TryAdd(Turn("s", "1")));
        Assert.False(batch.TryAdd(Turn("s", "2", new string('x', 2_000))));
        Assert.True(batch.TryAdd(Turn("s", "2")));
        Assert.True(batch.TryAdd(Turn("s", "3")));
        Assert.False(batch.TryAdd(Turn("s", "4")));
        Assert.Equal(["1", "2", "3"], batch.Take().Select(turn => turn.Turn.Id!));
        Assert.True(batch.IsEmpty);
        Assert.True(batch.TryAdd(Turn("other", "1")));
    }

    [Fact]
    public void A_turn_beyond_the_limit_goes_alone()
    {
        Assert.True(batch.TryAdd(Turn("s", "1", new string('x', 5_000))));
        Assert.False(batch.TryAdd(Turn("s", "2")));
    }

    private static ImportTurn Turn(string session, string id, string content = "hi") =>
        new("line 1", session, null, null, new TurnInput { Id = id, Role = "user", Content = content });
}
