using System.ComponentModel.DataAnnotations;

namespace MemoryOrleans.Contracts;

/// <summary>Due work: something to be done for the tenant, kept until it is done.</summary>
/// <param name="Id">The job's number.</param>
/// <param name="Kind">What is to be done, for instance <c>embed:1</c>: bring a session's vectors of space 1 up to date.</param>
/// <param name="Subject">A session's id, or empty for the tenant as a whole.</param>
/// <param name="State"><c>ready</c>: waits for its time, or is being done; <c>dead</c>: failed as often as it may.</param>
/// <param name="DueAt">When it is to be done.</param>
/// <param name="Cursor">How far it got, in the kind's own count.</param>
/// <param name="Attempts">Failures in a row.</param>
/// <param name="LastError">Why the last attempt failed; null when it did not.</param>
/// <param name="LastRunAt">When it was last tried; null: never.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record JobResponse(
    long Id,
    string Kind,
    string Subject,
    [property: AllowedValues("ready", "dead")] string State,
    DateTimeOffset DueAt,
    long Cursor,
    int Attempts,
    string? LastError,
    DateTimeOffset? LastRunAt,
    DateTimeOffset CreatedAt);

/// <summary>Work that comes again for the tenant: <c>retention</c>, <c>session_cleanup</c>, <c>decay_sweep</c>.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="State"><c>waiting</c> for its time, <c>running</c>: within a round, <c>failing</c>: tried again after a failure,
/// <c>dead</c>: failed as often as it may, <c>new</c>: not in the schedule yet.</param>
/// <param name="HeartbeatAt">When it last got a page further.</param>
/// <param name="LastRunAt">When its last whole round ended.</param>
/// <param name="LastError">Why the last attempt failed; null when it did not.</param>
/// <param name="NextDueAt">When its next page or round is due.</param>
/// <param name="JobId">The due work it is, for a requeue; null when new.</param>
/// <param name="Counts">What its last whole round did, numbers by name; of retention <c>KIND/kept</c>, <c>KIND/archived</c>,
/// <c>KIND/deleted</c>.</param>
public sealed record RecurringJobResponse(
    string Kind,
    [property: AllowedValues("waiting", "running", "failing", "dead", "new")] string State,
    DateTimeOffset? HeartbeatAt,
    DateTimeOffset? LastRunAt,
    string? LastError,
    DateTimeOffset? NextDueAt,
    long? JobId,
    IReadOnlyDictionary<string, long> Counts);

/// <summary>One page of due work, oldest first.</summary>
/// <param name="Items">The due work.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
/// <param name="Recurring">The tenant's recurring jobs, which are among the items too; on the first page only.</param>
public sealed record JobPage(IReadOnlyList<JobResponse> Items, string? NextCursor, IReadOnlyList<RecurringJobResponse> Recurring);
