using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Engine;

/// <summary>What operators ask of this process.</summary>
internal sealed class EngineOperations(ITenantStore tenants, CheckHealth check) : IHostOperations
{
    public async Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        await tenants.SummarizeAsync(tenant, cancel);

    public Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel) => check.RunAsync(cancel);
}
