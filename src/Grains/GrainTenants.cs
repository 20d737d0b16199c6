using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Grains;

/// <summary>A tenant's settings, by its grain.</summary>
internal sealed class GrainTenants(IGrainFactory grains, GrainCalls calls) : ITenantOperations
{
    public Task<Outcome<TenantSettings>> GetSettingsAsync(string tenant, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        return calls.RunAsync((_, each) => grain.GetSettingsAsync(each), cancel);
    }

    public Task<Outcome<TenantSettings>> SetSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        return calls.RunAsync((_, each) => grain.SetSettingsAsync(settings, each), cancel);
    }

    public Task<Outcome<LeaseGrant>> LeaseAsync(
        string tenant, string stock, long perMinute, long wanted, long least, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        return calls.RunAsync<LeaseGrant>(
            async (_, _) =>
            {
                var granted = await grain.LeaseAsync(stock, perMinute, wanted, least);
                return new LeaseGrant(granted.Granted, granted.Left, granted.RetryAfter);
            },
            cancel);
    }
}
