using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Hosting;

/// <summary>What an operator sets for a tenant.</summary>
public interface ITenantOperations
{
    /// <summary>The settings in force; the defaults when nobody set any.</summary>
    Task<Outcome<TenantSettings>> GetSettingsAsync(string tenant, CancellationToken cancel);

    /// <summary>Puts settings in force, in every process within <see cref="TenantSettings.FreshFor"/>. InvalidInput names the field; StoreUnavailable.</summary>
    Task<Outcome<TenantSettings>> SetSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel);
}
