using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;

namespace MemoryOrleans.Memory.Tests.Recall;

/// <summary>A feed over lists, which can be stopped, broken and watched.</summary>
internal sealed class ScriptedFeed : IRecallFeed
{
    private readonly Lock feedLock = new();
    private readonly Dictionary<PartitionKey, List<FeedChange>> logs = [];
    private readonly List<(PartitionKey Partition, long Watermark)> reads = [];

    /// <summary>Changes handed over at a time.</summary>
    public int BatchMax { get; set; } = 1_000;

    /// <summary>Awaited before every batch; may throw.</summary>
    public Func<Task> BeforeBatch { get; set; } = static () => Task.CompletedTask;

    /// <summary>Every read that began: whose changes, and since when.</summary>
    public (PartitionKey Partition, long Watermark)[] Reads
    {
        get
        {
            lock (feedLock)
                return [.. reads];
        }
    }

    public void Commit(PartitionKey partition, params IEnumerable<FeedChange> changes)
    {
        lock (feedLock)
        {
            if (!logs.TryGetValue(partition, out var log))
                logs.Add(partition, log = []);
            log.AddRange(changes);
        }
    }

    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return new(ReadSince(partition, 0).LastOrDefault()?.Change ?? 0);
    }

    public async ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel)
    {
        PartitionKey[] partitions;
        lock (feedLock)
            partitions = logs.Keys.Where(key => key.Tenant == tenant).ToArray();
        var heads = new List<PartitionHead>();
        foreach (var partition in partitions)
            heads.Add(new PartitionHead(partition, await HeadAsync(partition, cancel)));
        return heads;
    }

    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        lock (feedLock)
            reads.Add((partition, watermark));
        foreach (var batch in ReadSince(partition, watermark).Chunk(BatchMax))
        {
            await BeforeBatch();
            cancel.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    /// <summary>With watermark 0 the turns of removed sessions and erased turns are left out, as the port has it.</summary>
    private FeedChange[] ReadSince(PartitionKey partition, long watermark)
    {
        lock (feedLock)
        {
            var log = logs.GetValueOrDefault(partition) ?? [];
            var removed = log.OfType<SessionRemoved>().GroupBy(static each => each.SessionId)
                .ToDictionary(static group => group.Key, static group => group.Max(static each => each.Change));
            var erased = log.OfType<TurnErased>().Select(static each => (each.SessionId, each.Seq)).ToHashSet();
            return [.. log.Where(each => each.Change > watermark
                && (watermark > 0 || each is not TurnCommitted said
                    || (said.Change > removed.GetValueOrDefault(said.Turn.SessionId)
                    && !erased.Contains((said.Turn.SessionId, said.Turn.Seq)))))];
        }
    }
}
