using MemoryOrleans.Scheduling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Engine;

/// <summary>Does due work for the life of the process. A stop ends the claims under way; nothing is lost by not stopping well.</summary>
internal sealed class DueLoop(MemoryEngine engine, ILogger<DueLoop> log) : BackgroundService, IScheduleWatch
{
    public void AttemptFailed(DueWork work, DueFailed failure, bool isDead)
    {
        if (isDead)
            log.LogWarning("Work {Id} ({Kind}) of tenant {Tenant} is dead after {Attempts} attempts: {Reason}", work.Id, work.Kind,
                work.Tenant, work.Attempts, failure.Reason);
        else
            log.LogDebug("Work {Id} ({Kind}) of tenant {Tenant} is tried again: {Reason}", work.Id, work.Kind, work.Tenant, failure.Reason);
    }

    public void RoundFailed(Exception failure) => log.LogWarning(failure, "A look for due work failed; the next one tries again.");

    public void IndexTended(string what) => log.LogInformation("{What}", what);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        engine.Schedule.Watch = this;
        return engine.Schedule.RunAsync(stoppingToken);
    }
}
