using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Retention;

/// <summary>Archives and deletes tenants' memories by their rules, a page at a time.</summary>
public sealed class RetentionJob(RetentionRunner retire, IJobStore runs, UpkeepRules upkeep, TimeProvider clock) : RecurringJob(runs, clock)
{
    public override string KindPrefix => DueKinds.Retention;

    public override TimeSpan Period => upkeep.RetentionPeriod;

    public override bool IsWanted(string tenant) =>
        upkeep.Retention.Of(tenant) is var rules && (rules.Default is not null || rules.ByKind.Count > 0);

    protected override async Task<JobStep> RunPageAsync(
        string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel)
    {
        var page = await retire.RunAsync(tenant, upkeep.Retention.Of(tenant), position, dryRun: false, cancel);
        return new JobStep(page.Next, RetentionCounts.Of(page.Report));
    }
}

/// <summary>Reports of retention as the counts of a job: <c>KIND/kept</c>, <c>KIND/archived</c>, <c>KIND/deleted</c>.</summary>
public static class RetentionCounts
{
    public static JobCounts Of(RetentionReport report) => JobCounts.Of(report.ByKind.SelectMany(static pair => new (string, long)[]
    {
        ($"{pair.Key}/kept", pair.Value.Kept), ($"{pair.Key}/archived", pair.Value.Archived), ($"{pair.Key}/deleted", pair.Value.Deleted),
    }));

    public static RetentionReport Read(JobCounts counts)
    {
        long Of(string kind, string what) => counts.Values.GetValueOrDefault($"{kind}/{what}");
        var kinds = counts.Values.Keys.Select(static name => name[..name.LastIndexOf('/')]).Distinct(StringComparer.Ordinal);
        return new RetentionReport(IsDryRun: false, kinds.ToDictionary(
            static kind => kind,
            kind => new RetentionCount((int)Of(kind, "kept"), (int)Of(kind, "archived"), (int)Of(kind, "deleted")),
            StringComparer.Ordinal));
    }
}
