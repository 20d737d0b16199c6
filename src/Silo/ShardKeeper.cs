using MemoryOrleans.Grains;
using MemoryOrleans.Scheduling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Silo;

/// <summary>
/// Sees to it that each shard of the due work is held by some silo: once at the start, which is what registers the shards'
/// reminders, and then every few seconds, where due work is looked for between reminders.
/// </summary>
internal sealed class ShardKeeper(
    IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider clock, ShardKeeper.Pace pace, ILogger<ShardKeeper> log)
    : BackgroundService
{
    // A start that found no silo to ask tries again soon.
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WhenStartedAsync(stoppingToken);
        while (!await TryHoldAllAsync())
            await Task.Delay(RetryPeriod, clock, stoppingToken);
        if (pace.Period is not { } period)
            return;
        using var timer = new PeriodicTimer(period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryHoldAllAsync();
    }

    // A start that fails is over before there is anything to hold.
    private async Task WhenStartedAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancel);
    }

    // A job boundary: a failed round is logged, and the next one tries again.
    private async Task<bool> TryHoldAllAsync()
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, DueShards.Count).Select(shard => grains.GetGrain<IShardGrain>(shard).HoldAsync()));
            return true;
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Not all shards of the due work could be asked for; the next round tries again.");
            return false;
        }
    }

    /// <summary>Time between rounds; null: the first is the last, and reminders do the rest.</summary>
    public sealed record Pace(TimeSpan? Period)
    {
        public static readonly TimeSpan Often = TimeSpan.FromSeconds(5);
    }
}
