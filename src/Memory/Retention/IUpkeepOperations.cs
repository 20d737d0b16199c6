using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Retention;

/// <summary>A recurring job of a tenant as it is now.</summary>
/// <param name="Work">Its place in the schedule; null when it has none yet, or no more.</param>
/// <param name="Run">Its journal; null before its first page.</param>
public sealed record RecurringJobState(string Kind, DueWork? Work, JobRun? Run);

/// <summary>What retention did when it was asked to do it now.</summary>
/// <param name="IsComplete">False when there were more memories than are gone through at once: a dry run then speaks of the
/// newest, and after a real one the job goes on with the rest.</param>
public sealed record RetentionResult(RetentionReport Report, bool IsComplete);

/// <summary>What is done to a tenant's data again and again.</summary>
public interface IUpkeepOperations
{
    /// <summary>Every recurring job that is wanted for the tenant, or is there still.</summary>
    Task<IReadOnlyList<RecurringJobState>> ListJobsAsync(string tenant, CancellationToken cancel);

    RetentionRules RulesOf(string tenant);

    /// <summary>Goes through the tenant's memories now.</summary>
    /// <param name="rules">Others than those in force, for a dry run only; null: those.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; what was done before stays.</exception>
    Task<RetentionResult> ApplyRetentionAsync(string tenant, bool dryRun, RetentionRules? rules, CancellationToken cancel);
}
