using Orleans.Services;

namespace MemoryOrleans.Grains;

/// <summary>One in every silo: drops what the silo keeps of questions in memory beside the stores.</summary>
[Alias("memory.ISiloForgetting")]
public interface ISiloForgetting : IGrainService
{
    [Alias("forget")]
    Task ForgetAsync(string tenant);

    /// <summary>Drops all that the silo keeps of a tenant.</summary>
    [Alias("forget-tenant")]
    Task ForgetTenantAsync(string tenant);
}
