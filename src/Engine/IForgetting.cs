namespace MemoryOrleans.Engine;

/// <summary>Has every process drop what it keeps of a tenant in memory beside the stores: questions, and what was made of them.</summary>
public interface IForgetting
{
    /// <exception cref="StoreUnavailableException">A process that still lives did not answer; ask again.</exception>
    Task ForgetAsync(string tenant, CancellationToken cancel);

    /// <summary>Has every process drop all that it keeps of a tenant: indexes, sessions' windows and settings as well.</summary>
    /// <exception cref="StoreUnavailableException">A process that still lives did not answer; ask again.</exception>
    Task ForgetTenantAsync(string tenant, CancellationToken cancel);
}
