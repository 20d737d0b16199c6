using MemoryOrleans.Hosting;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>What a silo's grains stand on: the memory of its own process, whose session writes are the grains'.</summary>
/// <param name="Host">Recall, memories and the graph over the silo's store and indexes; its session writes are not used.</param>
/// <param name="Sessions">The turn log.</param>
/// <param name="TurnIds">Mints ids of turns; never one twice.</param>
/// <param name="Pace">When turns are distilled without being asked for.</param>
/// <param name="Shards">The shards whose due work this silo does.</param>
public sealed record SiloMemory(IMemoryHost Host, ISessionStore Sessions, Func<string> TurnIds, DistillationPace Pace, DueShards Shards);
