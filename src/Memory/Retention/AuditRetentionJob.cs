using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Retention;

/// <summary>Removes what is too old from the beginning of tenants' audit trails, which stay verifiable from there on.</summary>
public sealed class AuditRetentionJob(IAuditStore audit, IJobStore runs, UpkeepRules upkeep, TimeProvider clock) : RecurringJob(runs, clock)
{
    private const int PageSize = 1_000;

    private readonly TimeProvider clock = clock;

    public override string KindPrefix => DueKinds.AuditRetention;

    public override TimeSpan Period => upkeep.RetentionPeriod;

    public override bool IsWanted(string tenant) => upkeep.AuditRetention is not null;

    protected override async Task<JobStep> RunPageAsync(
        string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel)
    {
        var removed = await audit.PruneAuditAsync(tenant, roundStartedAt - upkeep.AuditRetention!.Value, PageSize, clock.GetUtcNow(),
            cancel);
        return new JobStep(removed < PageSize ? null : KindPrefix, JobCounts.Of([("removed", removed)]));
    }
}
