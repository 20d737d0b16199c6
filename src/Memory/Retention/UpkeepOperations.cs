using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Retention;

/// <summary>What administrators see and ask of the upkeep of their tenant; the same under every host.</summary>
/// <param name="woken">Told when there is something to do.</param>
public sealed class UpkeepOperations(
    IDueStore store, IReadOnlyList<RecurringJob> jobs, RetentionRunner retire, UpkeepRules upkeep, TimeProvider clock, Action woken)
    : IUpkeepOperations
{
    // Takes some seconds of reading, which fits into the time of a request.
    private const int PagesMax = 500;

    public async Task<IReadOnlyList<RecurringJobState>> ListJobsAsync(string tenant, CancellationToken cancel)
    {
        var runs = await store.ListRunsAsync(tenant, cancel);
        var states = new List<RecurringJobState>();
        foreach (var job in jobs)
        {
            var work = await store.FindAsync(tenant, job.KindPrefix, string.Empty, cancel);
            if (work is not null || job.IsWanted(tenant))
                states.Add(new RecurringJobState(job.KindPrefix, work, runs.FirstOrDefault(run => run.Kind == job.KindPrefix)));
        }

        return states;
    }

    public RetentionRules RulesOf(string tenant) => upkeep.Retention.Of(tenant);

    public async Task<RetentionResult> ApplyRetentionAsync(string tenant, bool dryRun, RetentionRules? rules, CancellationToken cancel)
    {
        var report = new RetentionReport(dryRun, new Dictionary<string, RetentionCount>(StringComparer.Ordinal));
        string? position = null;
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await retire.RunAsync(tenant, (dryRun ? rules : null) ?? RulesOf(tenant), position, dryRun, cancel);
            report = report.Plus(page.Report);
            if (page.Next is null)
                return new RetentionResult(report, IsComplete: true);
            position = page.Next;
        }

        if (!dryRun)
        {
            await store.WakeAsync(tenant, DueKinds.Retention, string.Empty, clock.GetUtcNow(), cancel);
            woken();
        }

        return new RetentionResult(report, IsComplete: false);
    }
}
