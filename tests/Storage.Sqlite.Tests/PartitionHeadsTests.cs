using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Sqlite.Tests;

public sealed class PartitionHeadsTests
{
    private static readonly PartitionKey Ada = new("tenant", "ada");

    private readonly PartitionHeads heads = new();

    [Fact]
    public void A_head_loaded_before_a_commit_does_not_hide_it()
    {
        Assert.False(heads.TryGet(Ada, out _, out var generation));
        heads.Publish(new Dictionary<PartitionKey, long> { [Ada] = 8 });

        Assert.Equal(8, heads.Add(Ada, head: 5, generation));
        Assert.True(heads.TryGet(Ada, out var head, out _));
        Assert.Equal(8, head);
    }

    [Fact]
    public void A_head_loaded_before_everything_was_forgotten_is_not_kept()
    {
        Assert.False(heads.TryGet(Ada, out _, out var generation));
        heads.Publish(new Dictionary<PartitionKey, long> { [Ada] = 8 });
        heads.Publish(Enumerable.Range(0, 100_000).ToDictionary(i => new PartitionKey("other", $"user{i}"), i => (long)i));

        Assert.Equal(5, heads.Add(Ada, head: 5, generation));
        Assert.False(heads.TryGet(Ada, out _, out _));
    }
}
