namespace MemoryOrleans.Tenancy;

/// <summary>Port for questions about a tenant as a whole, its keys, and about the store itself.</summary>
public interface ITenantStore : IKeyStore
{
    ValueTask<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel);

    /// <summary>What an operator has set for the tenant; the defaults when nobody did.</summary>
    ValueTask<TenantSettings> ReadSettingsAsync(string tenant, CancellationToken cancel);

    /// <summary>Puts settings in the place of those before.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    ValueTask SaveSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel);

    /// <summary>Reads and writes a row; throws when the store cannot.</summary>
    ValueTask ProbeAsync(CancellationToken cancel);

    /// <summary>Removes idempotency records that expired before <paramref name="now"/>; the number removed.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel);
}
