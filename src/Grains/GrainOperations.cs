using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Grains;

/// <summary>
/// Health of this process, and whether a silo answers it. Without silos a process can still read, and there is nobody whom its
/// requests could better be sent to: so it stays ready.
/// </summary>
internal sealed class GrainOperations(IHostOperations local, IGrainFactory grains, TimeProvider clock) : IHostOperations
{
    private const string Name = "cluster";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<ComponentHealth>> CheckHealthAsync(CancellationToken cancel)
    {
        var cluster = CheckClusterAsync(cancel);
        return [.. await local.CheckHealthAsync(cancel), await cluster];
    }

    public Task<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) => local.SummarizeAsync(tenant, cancel);

    private async Task<ComponentHealth> CheckClusterAsync(CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        try
        {
            await grains.GetGrain<IShardGrain>(0).HoldAsync().WaitAsync(Patience, clock, cancel);
            return new ComponentHealth(Name, true, clock.GetElapsedTime(started), "a silo answers") { IsEssential = false };
        }
        catch (Exception failure) when (GrainCalls.IsPassing(failure) && !cancel.IsCancellationRequested)
        {
            return new ComponentHealth(Name, false, clock.GetElapsedTime(started),
                $"no silo answers ({failure.GetType().Name})") { IsEssential = false };
        }
    }
}
