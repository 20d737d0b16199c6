namespace MemoryOrleans.Scheduling;

/// <summary>
/// Gives every tenant the recurring jobs it has not got: at start-up, and now and then for tenants that came since. Any number
/// of processes may run it; a job is there once, and goes on by itself.
/// </summary>
public sealed class SeedJobs(IDueStore store, IReadOnlyList<RecurringJob> jobs, TimeProvider clock)
{
    /// <summary>The number of jobs it woke.</summary>
    /// <exception cref="StoreUnavailableException">The next round goes on.</exception>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var woken = 0;
        foreach (var job in jobs)
        {
            foreach (var tenant in (await store.FindTenantsWithoutAsync(job.KindPrefix, cancel)).Where(job.IsWanted))
            {
                await store.WakeAsync(tenant, job.KindPrefix, string.Empty, clock.GetUtcNow(), cancel);
                woken++;
            }
        }

        return woken;
    }
}
