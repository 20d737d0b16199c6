using Orleans.Services;

namespace MemoryOrleans.Grains;

/// <summary>One in every silo: drops what the silo keeps of questions in memory beside the stores.</summary>
[Alias("memory.IForgettingService")]
public interface IForgettingService : IGrainService
{
    [Alias("forget")]
    Task ForgetAsync(string tenant);
}
