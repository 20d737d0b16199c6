namespace MemoryOrleans.Scheduling;

/// <summary>
/// Work that comes again for each tenant: rounds, a period apart, over pages. A page is one claim, so that it commits by
/// itself, others' pages come in between, and a process that dies loses one page at most. The work's cursor counts pages; the
/// place is in the journal.
/// </summary>
public abstract class RecurringJob(IJobStore runs, TimeProvider clock) : SingleDueHandler
{
    /// <summary>From the end of a round to the beginning of the next.</summary>
    public abstract TimeSpan Period { get; }

    // Nothing here is urgent: no commit wakes it, and it uses little of the processors.
    public override TimeSpan? Poll => TimeSpan.FromSeconds(10);

    public override double Share => 0.25;

    /// <summary>False when there is nothing to do for the tenant, as the settings are; its work then ends.</summary>
    public abstract bool IsWanted(string tenant);

    protected override async Task<DueOutcome> RunAsync(DueWork work, CancellationToken cancel)
    {
        if (!IsWanted(work.Tenant))
        {
            await runs.RemoveRunAsync(work.Tenant, KindPrefix, cancel);
            return new DueFinished(0);
        }

        var started = clock.GetUtcNow();
        var run = (await runs.ListRunsAsync(work.Tenant, cancel)).FirstOrDefault(each => each.Kind == KindPrefix)
            ?? new JobRun(KindPrefix, started);
        var after = run.After(await RunPageAsync(work.Tenant, run.Position, run.StartedAt ?? started, cancel), started, clock.GetUtcNow(),
            Period);
        await runs.SaveRunAsync(work.Tenant, after, cancel);
        return new DueGoesOn(after.StartedAt is null ? 0 : work.Cursor + 1, after.ExpectedAt);
    }

    /// <summary>Does one page. Done again it does no harm.</summary>
    /// <param name="roundStartedAt">The same for all pages of a round.</param>
    protected abstract Task<JobStep> RunPageAsync(string tenant, string? position, DateTimeOffset roundStartedAt, CancellationToken cancel);
}
