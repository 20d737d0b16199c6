using MemoryOrleans.Redaction;

namespace MemoryOrleans.Sessions;

/// <summary>An Idempotency-Key with what it belongs to and the digest (SHA-256, 32 bytes) of the body it came with.</summary>
public sealed record IdempotencyKey(string Scope, string Key, byte[] RequestDigest);

/// <summary>Validated request to append turns to a session; all or nothing.</summary>
/// <param name="IfMatchVersion">The session version the caller expects, or null. 0 means "must not exist".</param>
public sealed record AppendCommand(
    SessionKey Session,
    string? UserId,
    string? AgentId,
    IReadOnlyList<TurnDraft> Turns,
    IdempotencyKey? Idempotency = null,
    long? IfMatchVersion = null)
{
    /// <summary>
    /// True when all turns' ids were minted for this command and it was not tried before, so that none can be stored yet.
    /// Said wrongly, the store still takes no id twice.
    /// </summary>
    public bool HasFreshIds { get; init; }

    /// <summary>
    /// The person's IANA time zone from now on; null: as it was, and of a new session that of the user's newest one that has one.
    /// </summary>
    public string? TimeZone { get; init; }
}

/// <summary>What an append did: the turns as stored, and the session's version after it.</summary>
/// <param name="Replayed">True when an earlier request had already done it.</param>
public sealed record AppendResult(IReadOnlyList<Turn> Turns, long Version, bool Replayed)
{
    /// <summary>What was taken out of the turns that were sent, before anything was done with them.</summary>
    public RedactionCounts Redacted { get; init; }
}

/// <summary>The live window of a session: its newest turns within both bounds, ascending.</summary>
/// <param name="TurnsBefore">How many older turns are in the log only.</param>
public sealed record WorkingMemoryView(Session Session, IReadOnlyList<Turn> Turns, int Tokens, long TurnsBefore)
{
    /// <summary>
    /// What was said before the window, ascending; within <see cref="WorkingMemoryLimits.SummaryTokensMax"/> where it is read to be shown.
    /// </summary>
    public IReadOnlyList<SummaryPart> Summary { get; init; } = [];
}
