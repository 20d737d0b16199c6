using MemoryOrleans.Recall;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Engine;

/// <summary>Runs the engine's tidying rounds for the life of the process, and logs what recall had to leave out.</summary>
internal sealed class MemorySweeper(MemoryEngine engine, EngineOptions options, TimeProvider clock, ILogger<MemorySweeper> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var leftOut in engine.LeftOut)
            leftOut.Reported += Log;
        using var timer = new PeriodicTimer(options.SweepPeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SweepOnceAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await engine.SaveReinforcementsAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            log.LogWarning(failure, "The last citations could not be saved.");
        }
    }

    private void Log(object? sender, ItemLeftOutEventArgs item) =>
        log.LogError(item.Error, "Item {Item} of tenant {Tenant} cannot be read; answers leave it out.", item.Item, item.Tenant);

    // A job boundary: a failed round is logged, and the next one tries again.
    private async Task SweepOnceAsync(CancellationToken cancel)
    {
        try
        {
            await engine.SweepAsync(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogError(failure, "A tidying round failed; the next one tries again.");
        }
    }
}
