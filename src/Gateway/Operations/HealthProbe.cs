using MemoryOrleans.Hosting;
using Microsoft.Extensions.Hosting;

namespace MemoryOrleans.Gateway.Operations;

/// <summary>
/// Whether the service can take requests. A check touches the store, so what was found holds for a second however often
/// probes ask; they need no credential.
/// </summary>
internal sealed class HealthProbe(IMemoryHost host, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<IReadOnlyList<ComponentHealth>>? last;
    private long checkedAt;

    /// <summary>The essential parts that are not healthy; empty when requests can be taken.</summary>
    public async Task<IReadOnlyList<ComponentHealth>> FindFaultsAsync(CancellationToken cancel)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return [new ComponentHealth("process", false, TimeSpan.Zero, "is stopping")];
        var parts = await Current().WaitAsync(cancel);
        return parts.Where(part => !part.Healthy && part.IsEssential).ToArray();
    }

    private Task<IReadOnlyList<ComponentHealth>> Current()
    {
        lock (gate)
        {
            if (last is null || time.GetElapsedTime(checkedAt) > Holds)
            {
                checkedAt = time.GetTimestamp();
                last = host.Operations.CheckHealthAsync(lifetime.ApplicationStopping);
            }

            return last;
        }
    }
}
