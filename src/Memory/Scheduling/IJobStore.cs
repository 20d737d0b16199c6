namespace MemoryOrleans.Scheduling;

/// <summary>The job that is most behind, of whichever tenant.</summary>
public readonly record struct LateJob(string Kind, DateTimeOffset ExpectedAt);

/// <summary>
/// Port of the journals of recurring jobs: one of a tenant and kind. Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IJobStore
{
    /// <summary>A tenant's journals, by kind.</summary>
    ValueTask<IReadOnlyList<JobRun>> ListRunsAsync(string tenant, CancellationToken cancel);

    /// <summary>Writes the journal in place of the one there is.</summary>
    ValueTask SaveRunAsync(string tenant, JobRun run, CancellationToken cancel);

    ValueTask RemoveRunAsync(string tenant, string kind, CancellationToken cancel);

    /// <summary>
    /// Of all tenants' journals the one that was expected to move on first; null when there are none. One look-up in an index.
    /// </summary>
    ValueTask<LateJob?> FindLatestAsync(CancellationToken cancel);

    /// <summary>Names of tenants that have written something and have no work of the kind for themselves as a whole.</summary>
    ValueTask<IReadOnlyList<string>> FindTenantsWithoutAsync(string kind, CancellationToken cancel);
}
