namespace MemoryOrleans.Scheduling;

/// <summary>
/// Port of those who do due work of a kind. Done twice must be as good as done once: a claim may be lost while its work is
/// done, and a process may die between doing it and saying so.
/// </summary>
public interface IDueHandler
{
    /// <summary>It does the kinds that begin with this, ordinal.</summary>
    string KindPrefix { get; }

    /// <summary>Works it takes at once, all of one kind; at least 1.</summary>
    int BatchMax => 1;

    /// <summary>Batches of it under way at a time in this process; at least 1.</summary>
    int Lanes => 1;

    /// <summary>Time between looks for it while there is none; null: as the limits say, and at once after this process's commits.</summary>
    TimeSpan? Poll => null;

    /// <summary>
    /// The share of its time that a lane is at work, above 0 and up to 1: below 1 it rests after each batch, so that a backlog
    /// that costs processor time does not take it from appends and recalls.
    /// </summary>
    double Share => 1;

    /// <summary>Failures in a row, other than passing ones, after which its work is dead; null: as the limits say.</summary>
    int? AttemptsMax => null;

    /// <summary>How long its work waits after failures; null: as the limits say.</summary>
    BackoffPolicy? Backoff => null;

    /// <summary>
    /// Whether the next batch is to take what came due last; asked once a batch. A handler that alternates has news in the next batch
    /// but one, however long its backlog, and gets on with that at half its pace at the least.
    /// </summary>
    bool TakeNewest() => false;

    /// <summary>
    /// Does the works; the outcomes are theirs in order. Cancelled when the process stops or the lease is about to run out.
    /// What it throws counts as a failure of every work of the batch.
    /// </summary>
    Task<IReadOnlyList<DueOutcome>> RunAsync(IReadOnlyList<DueWork> works, CancellationToken cancel);
}
