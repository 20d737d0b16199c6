using MemoryOrleans.Text;

namespace MemoryOrleans.Sessions;

/// <summary>One session of one tenant. The tenant comes from the credential, the id from the caller.</summary>
public readonly record struct SessionKey(string Tenant, string Id);

/// <summary>
/// One message of a session, as stored. <see cref="OccurredAt"/> has the offset of the person's clock. <see cref="Seq"/> counts from 1
/// without gaps. <see cref="Metadata"/> is compact
/// JSON of an object, or null. <see cref="Tokens"/> is <see cref="TokenEstimate"/> of the content.
/// </summary>
public sealed record Turn(
    string SessionId,
    long Seq,
    string Id,
    string Role,
    string? Name,
    string Content,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    string? Metadata,
    int Tokens)
{
    /// <summary>True when its content was erased; name and metadata went with it, and it is in no recall index.</summary>
    public bool IsErased { get; init; }

    /// <summary>
    /// True when a draft sent again under this turn's id supplies what the first one did. A time that was not supplied
    /// was taken from the clock, so the stored turn occurred when it was recorded.
    /// </summary>
    public bool IsReplayedBy(TurnDraft draft) =>
        draft.Role == Role && draft.Name == Name && draft.Content == Content && draft.Metadata == Metadata
        && (draft.OccurredAt ?? RecordedAt) == OccurredAt;
}

/// <summary>A turn as a caller supplies it, already validated; times have microsecond precision.</summary>
public sealed record TurnDraft(
    string? Id,
    string Role,
    string? Name,
    string Content,
    DateTimeOffset? OccurredAt,
    string? Metadata);
