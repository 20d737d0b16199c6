namespace MemoryOrleans.Sessions;

public enum SessionStatus
{
    Open,
    Closed,
}

/// <summary>
/// A session's own row. <see cref="Version"/> grows by one with every change, also across deletion and re-creation
/// under the same id, so that an old ETag never matches again. Turns are numbered 1..<see cref="LastSeq"/>.
/// </summary>
public sealed record Session(
    string Id,
    string? UserId,
    string? AgentId,
    SessionStatus Status,
    long LastSeq,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The IANA time zone by whose clock the person speaks, as it was given last; null: none was.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>Which sessions a listing names; null fields do not restrict.</summary>
public sealed record SessionFilter(string? UserId = null, string? AgentId = null, SessionStatus? Status = null);
