namespace MemoryOrleans.Contracts;

/// <summary>Due work: something to be done for the tenant, kept until it is done.</summary>
/// <param name="Kind">What is to be done, for instance <c>embed:1</c>: bring a session's vectors of space 1 up to date.</param>
/// <param name="Subject">A session's id, or empty for the tenant as a whole.</param>
/// <param name="State"><c>ready</c>: waits for its time, or is being done; <c>dead</c>: failed as often as it may.</param>
/// <param name="Cursor">How far it got, in the kind's own count.</param>
/// <param name="Attempts">Failures in a row.</param>
/// <param name="LastError">Why the last attempt failed; null when it did not.</param>
public sealed record JobResponse(
    long Id,
    string Kind,
    string Subject,
    string State,
    DateTimeOffset DueAt,
    long Cursor,
    int Attempts,
    string? LastError,
    DateTimeOffset? LastRunAt,
    DateTimeOffset CreatedAt);

/// <summary>One page of due work, oldest first.</summary>
public sealed record JobPage(IReadOnlyList<JobResponse> Items, string? NextCursor);
