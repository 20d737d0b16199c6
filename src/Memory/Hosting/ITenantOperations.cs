using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Hosting;

/// <summary>What an operator sets for a tenant.</summary>
public interface ITenantOperations
{
    /// <summary>The settings in force; the defaults when nobody set any.</summary>
    Task<Outcome<TenantSettings>> GetSettingsAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Puts settings in force, in every process within <see cref="TenantSettings.FreshFor"/>. InvalidInput names the field;
    /// StoreUnavailable.
    /// </summary>
    Task<Outcome<TenantSettings>> SetSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel);

    /// <summary>Takes permits out of one of the tenant's stocks, which are the same for all processes.</summary>
    /// <param name="stock">Which one; made when there is none of the name.</param>
    /// <param name="perMinute">Permits that it gives in a minute; 1 or more.</param>
    /// <param name="wanted">So many, if there are.</param>
    /// <param name="least">None at all, if there are fewer.</param>
    Task<Outcome<LeaseGrant>> LeaseAsync(string tenant, string stock, long perMinute, long wanted, long least, CancellationToken cancel);
}
