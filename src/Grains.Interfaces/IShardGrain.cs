using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Grains;

/// <summary>
/// One of the <see cref="DueShards.Count"/> parts of the durable schedule, named by its number from 0. Its reminder does whatever is
/// due of the shard: distillation, embedding, erasure, decay, retention, session clean-up. While it is active, its silo also looks
/// for that work between reminders.
/// </summary>
[Alias("memory.IShardGrain")]
public interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Sees to it that the shard is held by some silo; which one that is.</summary>
    [Alias("hold")]
    Task<string> HoldAsync();
}
