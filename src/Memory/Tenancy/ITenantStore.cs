namespace MemoryOrleans.Tenancy;

/// <summary>Port for questions about a tenant as a whole, and about the store itself.</summary>
public interface ITenantStore
{
    ValueTask<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel);

    /// <summary>Reads and writes a row; throws when the store cannot.</summary>
    ValueTask ProbeAsync(CancellationToken cancel);

    /// <summary>Removes idempotency records that expired before <paramref name="now"/>; the number removed.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel);
}
