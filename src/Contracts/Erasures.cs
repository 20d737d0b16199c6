using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of <c>POST /v1/admin/erasures</c>: exactly one of the four.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EraseRequest
{
    /// <summary>Every version of one memory.</summary>
    public string? MemoryId { get; init; }

    /// <summary>One turn, and what was derived from it; its place in the session stays.</summary>
    public ErasedTurn? Turn { get; init; }

    /// <summary>One session, and what was derived from it.</summary>
    public string? SessionId { get; init; }

    /// <summary>All sessions, memories and entities of a user, and what was derived from them.</summary>
    public string? UserId { get; init; }
}

/// <summary>A turn to be erased.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ErasedTurn
{
    /// <summary>The turn's session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The turn's own id, or the one that recall answers with: session and seq with a colon between.</summary>
    public string? TurnId { get; init; }
}

/// <summary>What an erasure removed.</summary>
/// <param name="Turns">Turns that lost their content.</param>
/// <param name="Vectors">Vectors removed.</param>
/// <param name="IdempotencyRecords">Kept answers of idempotent requests removed.</param>
/// <param name="DueWork">Jobs removed.</param>
/// <param name="Memories">Memories removed.</param>
/// <param name="Versions">Versions of memories that lost content.</param>
/// <param name="Redacted">Memories that stay, because a turn that stays says the same.</param>
/// <param name="Observations">Observations removed.</param>
/// <param name="Entities">Entities removed.</param>
/// <param name="Relations">Relations removed.</param>
public sealed record ErasureCountsResponse(
    long Turns, long Vectors, long IdempotencyRecords, long DueWork, long Memories, long Versions, long Redacted, long Observations,
    long Entities,
    long Relations);

/// <summary>An erasure and, once it is done, its receipt. It holds ids, never content.</summary>
/// <param name="Id">The erasure's id.</param>
/// <param name="State"><c>running</c> or <c>done</c>.</param>
/// <param name="MemoryId">The memory erased; null: not a memory.</param>
/// <param name="SessionId">The session erased; null: not a session.</param>
/// <param name="UserId">The user erased; null: not a user.</param>
/// <param name="Turn">The turn erased; null: not a turn.</param>
/// <param name="Requester">Which credential asked for it: <c>key:</c> and the beginning of the key's SHA-256, or <c>local</c>.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="CompletedAt">When it was done; null while it runs.</param>
/// <param name="Counts">Of a running one, what is known so far.</param>
/// <param name="Digest">SHA-256 over what was erased, 64 hexadecimal digits; absent while it runs.</param>
public sealed record ErasureResponse(
    string Id,
    [property: AllowedValues("running", "done")] string State,
    string? MemoryId,
    string? SessionId,
    string? UserId,
    ErasedTurn? Turn,
    string Requester,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt,
    ErasureCountsResponse Counts,
    string? Digest);

/// <summary>One page of erasures, newest first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record ErasurePage(IReadOnlyList<ErasureResponse> Items, string? NextCursor);

/// <summary>Who did what, when, to what.</summary>
/// <param name="At">When.</param>
/// <param name="Caller">Which credential, as in <see cref="ErasureResponse.Requester"/>.</param>
/// <param name="Action">For instance <c>erasure.requested</c>.</param>
/// <param name="Subject">For instance <c>session:ID</c>.</param>
/// <param name="RequestId">The X-Request-Id of the request that did it; empty for what no request did.</param>
/// <param name="Outcome">The status it was answered with; empty for what no request did.</param>
public sealed record AuditEntryResponse(
    DateTimeOffset At, string Caller, string Action, string Subject, string RequestId = "", string Outcome = "");

/// <summary>Whether a tenant's audit trail is whole.</summary>
/// <param name="Whole">Every entry follows from the one before it.</param>
/// <param name="Entries">How many entries the trail has.</param>
/// <param name="Unchained">Entries at its beginning, of releases that did not chain them.</param>
/// <param name="Head">The last hash: kept elsewhere, it tells later whether entries were cut off the end.</param>
/// <param name="Removed">Entries that retention removed from its beginning, over all time.</param>
/// <param name="BrokenAt">The place, counted from 1, of the first entry that does not follow; absent when the trail is whole.</param>
/// <param name="BrokenEntryAt">The time of that entry; absent when the trail is whole.</param>
public sealed record AuditVerificationResponse(
    bool Whole, long Entries, long Unchained, string? Head,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? BrokenAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? BrokenEntryAt = null,
    long Removed = 0);

/// <summary>The first line of an exported audit trail.</summary>
/// <param name="Removed">Entries that retention removed from its beginning.</param>
/// <param name="Anchor">The hash that the first entry is chained to; null: it is the first there ever was.</param>
public sealed record AuditExportHeader(string Tenant, DateTimeOffset ExportedAt, long Removed, string? Anchor);

/// <summary>A line of an exported audit trail.</summary>
/// <param name="Hash">SHA-256 over the hash before and this entry (docs/operations.md); null for those of releases that did not chain
/// them.</param>
public sealed record AuditExportEntry(
    DateTimeOffset At, string Caller, string Action, string Subject, string RequestId, string Outcome, string? Hash);

/// <summary>One page of the audit trail, newest first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntryResponse> Items, string? NextCursor);
