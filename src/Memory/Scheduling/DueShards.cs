namespace MemoryOrleans.Scheduling;

/// <summary>
/// Which of all due work this process does. Every work belongs to one of <see cref="Count"/> shards by its id, so that the
/// processes of a cluster, holding different shards, do not look at each other's work. Holding one twice, as happens for a
/// moment when shards move, is harmless: claims decide. Safe for concurrent use.
/// </summary>
public sealed class DueShards
{
    /// <summary>How many there are: 64, for good, as stores compare the last six bits of ids.</summary>
    public const int Count = 64;

    private long held;

    /// <summary>The shards held, a bit for each.</summary>
    public long Held => Volatile.Read(ref held);

    /// <param name="shard">0..63.</param>
    public void Hold(int shard) => Interlocked.Or(ref held, BitOf(shard));

    /// <param name="shard">0..63.</param>
    public void Release(int shard) => Interlocked.And(ref held, ~BitOf(shard));

    /// <summary>The shard of a work, 0..63.</summary>
    public static int Of(long workId) => (int)(workId & (Count - 1));

    private static long BitOf(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Count);
        return 1L << shard;
    }
}
