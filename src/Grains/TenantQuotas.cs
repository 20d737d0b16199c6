using System.Collections.Concurrent;
using MemoryOrleans.Tenancy;

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
        var isFresh = known.TryGetValue(tenant, out var state) && clock.GetElapsedTime(state.ReadAt) < TenantSettings.FreshFor;
        if (isFresh && !state.HasQuota)
            return null;
        return await IsLeftAsync(tenant, turns, isFresh, cancel)
            ? null
            : new MemoryError(ErrorCode.QuotaExceeded, "The tenant's turns of this minute are used up; nothing was stored.",
            RetryAfter: TimeSpan.FromSeconds(30));
    }

    private async Task<bool> IsLeftAsync(string tenant, int turns, bool isFresh, CancellationToken cancel)
    {
        try
        {
            return await TryTakeAsync(tenant, turns, isFresh).WaitAsync(Patience, clock, cancel);
        }
        catch (Exception failure) when (GrainCalls.IsPassing(failure) && !cancel.IsCancellationRequested)
        {
            // A quota that cannot be asked for keeps nobody from writing, and only the first from writing at once.
            Remember(tenant, hasQuota: false);
            return true;
        }
    }

    private async Task<bool> TryTakeAsync(string tenant, int turns, bool isFresh)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        if (!isFresh)
        {
            var settings = await grain.GetSettingsAsync(CancellationToken.None);
            var hasQuota = settings.IsSuccess && settings.Value.TurnsPerMinuteMax is not null;
            Remember(tenant, hasQuota);
            if (!hasQuota)
                return true;
        }

        return await grain.TryTakeQuotaAsync(turns);
    }

    private void Remember(string tenant, bool hasQuota)
    {
        if (known.Count >= TenantsMax)
            known.Clear();
        known[tenant] = (hasQuota, clock.GetTimestamp());
    }
}
