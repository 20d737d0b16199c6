using System.Collections.Concurrent;

namespace MemoryOrleans.Grains;

/// <summary>
/// Takes a tenant's appends out of its quota. Most tenants have none, so a gateway asks for a tenant's settings every
/// <see cref="TenantSettings.FreshFor"/> and for a place in the quota only where there is one.
/// </summary>
public sealed class TenantQuotas(IGrainFactory grains, TimeProvider clock)
{
    private const int TenantsMax = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (bool HasQuota, long ReadAt)> known = new(StringComparer.Ordinal);

    /// <summary>Null when so many turns may be appended; else why not.</summary>
    public async ValueTask<MemoryError?> RefuseAsync(string tenant, int turns, CancellationToken cancel)
    {
        if (known.TryGetValue(tenant, out var state) && clock.GetElapsedTime(state.ReadAt) < TenantSettings.FreshFor && !state.HasQuota)
            return null;
        return await TryTakeAsync(tenant, turns, cancel) is { } granted && granted < turns
            ? new MemoryError(ErrorCode.QuotaExceeded, "The tenant's turns of this minute are used up; nothing was stored.", RetryAfter: TimeSpan.FromSeconds(30))
            : null;
    }

    // Null: nobody answered soon. A quota that cannot be asked for keeps nobody from writing, nor waiting.
    private async Task<int?> TryTakeAsync(string tenant, int turns, CancellationToken cancel)
    {
        try
        {
            return await TakeAsync(tenant, turns).WaitAsync(Patience, clock, cancel);
        }
        catch (Exception failure) when (ClusterCalls.IsPassing(failure) && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<int> TakeAsync(string tenant, int turns)
    {
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        var settings = await grain.GetSettingsAsync();
        if (known.Count >= TenantsMax)
            known.Clear();
        known[tenant] = (settings.TurnsPerMinuteMax is not null, clock.GetTimestamp());
        return settings.TurnsPerMinuteMax is null ? turns : await grain.TakeQuotaAsync(turns);
    }
}
