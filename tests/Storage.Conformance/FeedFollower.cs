using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>Keeps a partition's turns by the feed alone, as the recall index does.</summary>
internal sealed class FeedFollower(PartitionKey partition)
{
    public PartitionKey Partition => partition;

    public long Watermark { get; private set; }

    public Dictionary<(string SessionId, long Seq), Turn> Turns { get; } = [];

    public async Task CatchUpAsync(IRecallFeed feed)
    {
        await foreach (var batch in feed.ReadSinceAsync(partition, Watermark, default))
        {
            foreach (var change in batch)
                Apply(change);
        }
    }

    private void Apply(FeedChange change)
    {
        Assert.True(change.Change > Watermark, "The feed goes up.");
        Watermark = change.Change;
        if (change is TurnCommitted committed)
        {
            Turns.Add((committed.Turn.SessionId, committed.Turn.Seq), committed.Turn);
            return;
        }

        if (change is TurnErased erased)
        {
            Turns.Remove((erased.SessionId, erased.Seq));
            return;
        }

        var removed = (SessionRemoved)change;
        foreach (var address in Turns.Keys.Where(address => address.SessionId == removed.SessionId).ToArray())
            Turns.Remove(address);
    }
}
