using MemoryOrleans.Grains;
using MemoryOrleans.Scheduling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>
/// Sees to it every few seconds that each shard of the due work is held by some silo. Reminders would bring a lost shard back
/// too, within a minute; this is what makes it seconds.
/// </summary>
internal sealed class KeepShards(IGrainFactory grains, TimeProvider clock, ILogger<KeepShards> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
            await HoldAllAsync();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // A job boundary: a failed round is logged, and the next one tries again.
    private async Task HoldAllAsync()
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, DueShards.Count).Select(shard => grains.GetGrain<IShardGrain>(shard).HoldAsync()));
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Not all shards of the due work could be asked for; the next round tries again.");
        }
    }
}
