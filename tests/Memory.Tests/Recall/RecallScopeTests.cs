using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Index;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>docs/decisions/0006: what the names in a recall's scope mean.</summary>
public sealed class RecallScopeTests
{
    private static readonly RecallQuery Everything = new("acme", "bread", 10);
    private static readonly PartitionKey Ada = new("acme", "ada");
    private static readonly PartitionKey Bob = new("acme", "bob");
    private static readonly PartitionKey Nobody = new("acme", null);

    [Fact]
    public void Nothing_named_is_the_whole_tenant()
    {
        var scope = new RecallScope(Everything, session: null);

        Assert.Null(scope.Partitions);
        Assert.Null(MaskOf(scope, Ada));
    }

    [Fact]
    public void A_user_is_that_users_partition()
    {
        var scope = new RecallScope(Everything with { UserId = "ada" }, session: null);

        Assert.Equal([Ada], scope.Partitions);
        Assert.Null(MaskOf(scope, Ada));
    }

    [Fact]
    public void An_agent_masks_sessions_of_others()
    {
        var scope = new RecallScope(Everything with { AgentId = "guide" }, session: null);

        Assert.Null(scope.Partitions);
        Assert.Equal(new TurnMask(AgentId: "guide"), MaskOf(scope, Ada));
    }

    [Theory]
    [InlineData("ada")]
    [InlineData(null)]
    public void A_session_alone_is_that_session(string? owner)
    {
        var scope = new RecallScope(Everything with { SessionId = "s" }, SessionOf("s", owner));

        Assert.Equal([new PartitionKey("acme", owner)], scope.Partitions);
        Assert.Equal(new TurnMask(SessionId: "s"), MaskOf(scope, new PartitionKey("acme", owner)));
    }

    [Fact]
    public void A_session_nobody_knows_finds_nothing() =>
        Assert.Equal([], new RecallScope(Everything with { SessionId = "s" }, session: null).Partitions);

    [Fact]
    public void A_session_beside_its_own_user_narrows_nothing()
    {
        var scope = new RecallScope(Everything with { UserId = "ada", SessionId = "s" }, SessionOf("s", "ada"));

        Assert.Equal([Ada], scope.Partitions);
        Assert.Null(MaskOf(scope, Ada));
    }

    [Fact]
    public void An_unknown_session_beside_a_user_narrows_nothing()
    {
        var scope = new RecallScope(Everything with { UserId = "ada", SessionId = "s" }, session: null);

        Assert.Equal([Ada], scope.Partitions);
        Assert.Null(MaskOf(scope, Ada));
    }

    [Theory]
    [InlineData("bob")]
    [InlineData(null)]
    public void A_session_beside_another_user_is_added(string? owner)
    {
        var scope = new RecallScope(Everything with { UserId = "ada", SessionId = "s", AgentId = "guide" }, SessionOf("s", owner));

        Assert.Equal([Ada, new PartitionKey("acme", owner)], scope.Partitions);
        Assert.Equal(new TurnMask(AgentId: "guide", AddedSessionId: "s"), MaskOf(scope, Ada));
        Assert.Equal(new TurnMask(SessionId: "s"), MaskOf(scope, new PartitionKey("acme", owner)));
    }

    [Fact]
    public void Filters_apply_in_every_partition()
    {
        var day = Turns.Noon;
        var scope = new RecallScope(
            Everything with { UserId = "ada", SessionId = "s", Filter = new RecallFilter("user", "Ann", day, day.AddDays(2)) },
            SessionOf("s", "bob"));
        var mask = new TurnMask(null, null, "user", "Ann", Timestamp.Of(day), Timestamp.Of(day.AddDays(2)));

        Assert.Equal(mask, MaskOf(scope, Ada));
        Assert.Equal(mask with { SessionId = "s" }, MaskOf(scope, Bob));
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(null, 1, 1)]
    [InlineData(1, null, 1)]
    [InlineData(null, null, null)]
    public void The_earlier_of_filter_and_as_of_bounds_what_was_said(int? filterDay, int? validDay, int? bound)
    {
        static DateTimeOffset? At(int? day) => day is { } days ? Turns.Noon.AddDays(days) : null;
        var scope = new RecallScope(
            Everything with { Filter = new RecallFilter(OccurredTo: At(filterDay)), AsOf = new AsOf(At(validDay), At(5)) }, session: null);

        Assert.Equal(new TurnMask(OccurredTo: Timestamp.Of(At(bound)), RecordedTo: Timestamp.Of(At(5))), MaskOf(scope, Nobody));
    }

    private static TurnMask? MaskOf(RecallScope scope, PartitionKey key) =>
        scope.Rank([new IndexPartition(key, WordEmbedder.Small.Dimensions).Snapshot]).Masks[0];

    private static Session SessionOf(string id, string? owner) =>
        new(id, owner, null, SessionStatus.Open, 1, 1, Turns.Noon, Turns.Noon);
}
