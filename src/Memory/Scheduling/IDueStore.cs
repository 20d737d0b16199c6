namespace MemoryOrleans.Scheduling;

/// <summary>How much due work of a kind there is.</summary>
/// <param name="OldestDueAt">When the longest overdue of the ready ones was due; null when none is ready.</param>
public readonly record struct DueBacklog(string Kind, long Ready, long Dead, DateTimeOffset? OldestDueAt)
{
    /// <summary>How long the longest overdue has been due; zero when nothing is.</summary>
    public TimeSpan OverdueAt(DateTimeOffset now) => OldestDueAt is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero;
}

/// <summary>What tells at a glance whether work of a kind gets done; found by index, however much there is.</summary>
/// <param name="OldestDueAt">When the longest overdue of the ready ones was due; null when none is ready.</param>
public readonly record struct DueLag(string Kind, long Dead, DateTimeOffset? OldestDueAt);

/// <summary>
/// Port of the durable schedule: the outbox of work written with commits, and work due at a time. Any number of processes
/// may claim from it at once. A claim holds for its lease; whoever lost it (the lease ran out and another claimed it, the
/// subject was deleted) gets false from the methods that end a claim, and has nothing to undo but its own time.
/// Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IDueStore : IJobStore
{
    /// <summary>
    /// Makes work due at <paramref name="dueAt"/>, or earlier if it was due earlier already. Wakes dead work too.
    /// </summary>
    ValueTask WakeAsync(string tenant, string kind, string subject, DateTimeOffset dueAt, CancellationToken cancel);

    /// <summary>
    /// Claims ready work of all tenants that is due and under no lease, the longest overdue first, at most
    /// <paramref name="limit"/>; nobody else gets it before <paramref name="now"/> + <paramref name="lease"/>.
    /// </summary>
    /// <param name="kindPrefixes">Kinds begin with one of these, ordinal; <c>embed:</c> covers every space.</param>
    /// <param name="shards">A bit for each shard whose work may be claimed (<see cref="DueShards"/>); −1: all.</param>
    /// <param name="newestFirst">True: what came due last is claimed before the rest.</param>
    ValueTask<IReadOnlyList<DueWork>> ClaimAsync(
        IReadOnlyCollection<string> kindPrefixes, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancel, long shards = -1,
        bool newestFirst = false);

    /// <summary>
    /// Ends a claim whose work is done: removes it, or, when it was woken meanwhile, makes it ready again from <paramref name="cursor"/>.
    /// </summary>
    ValueTask<bool> FinishAsync(DueWork claimed, long cursor, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Ends a claim whose work goes on at <paramref name="dueAt"/> (or earlier, if woken meanwhile); no failure.</summary>
    ValueTask<bool> PostponeAsync(DueWork claimed, long cursor, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Ends a claim that failed; it is tried again at <paramref name="dueAt"/> and not before.</summary>
    /// <param name="reason">Why, without content; kept to 500 characters.</param>
    ValueTask<bool> RetryAsync(DueWork claimed, long cursor, DateTimeOffset dueAt, string reason, DateTimeOffset now,
        CancellationToken cancel);

    /// <summary>Ends a claim that failed for the last time: dead until requeued or woken.</summary>
    ValueTask<bool> BuryAsync(DueWork claimed, long cursor, string reason, DateTimeOffset now, CancellationToken cancel);

    /// <summary>A tenant's work, oldest id first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<DueWork>>> ListAsync(
        string tenant, DueState? state, string? kindPrefix, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Makes dead work ready, due now, with no failures counted; null when the tenant has no such work.</summary>
    ValueTask<DueWork?> RequeueAsync(string tenant, long id, DateTimeOffset now, CancellationToken cancel);

    /// <summary>The work of a kind and subject; null when there is none.</summary>
    ValueTask<DueWork?> FindAsync(string tenant, string kind, string subject, CancellationToken cancel);

    /// <summary>By kind over all tenants, cheap enough for every second.</summary>
    ValueTask<IReadOnlyList<DueLag>> PeekAsync(CancellationToken cancel);

    /// <summary>Counts by kind over all tenants, which goes through all of them, or of one.</summary>
    ValueTask<IReadOnlyList<DueBacklog>> CountAsync(string? tenant, CancellationToken cancel);
}
