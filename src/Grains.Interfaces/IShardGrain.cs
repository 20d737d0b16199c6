using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Grains;

/// <summary>
/// One of the <see cref="DueShards.Count"/> parts of the durable schedule, named by its number from 0. While it is active, its
/// silo does the due work of the shard; a reminder brings it back, wherever there is a silo, when it is not.
/// </summary>
[Alias("memory.IShardGrain")]
public interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Sees to it that the shard is held by some silo; which one that is.</summary>
    [Alias("hold")]
    Task<string> HoldAsync();
}
