using MemoryOrleans.Scheduling;

namespace MemoryOrleans.Sessions;

/// <summary>How a commit ended. Anything but <see cref="Committed"/> changed nothing.</summary>
public enum CommitStatus
{
    Committed,

    /// <summary>The session has moved on since the commit was prepared; the actor must reload it.</summary>
    Stale,

    /// <summary>The bounded queue before the committer is full.</summary>
    Overloaded,

    /// <summary>The store could not write (disk full, connection lost, shutting down).</summary>
    Unavailable,
}

/// <summary>
/// What an idempotency key did: a range of turns of one session and the version the first answer carried.
/// Content is not kept; the answer is built again from the turns.
/// </summary>
/// <param name="Scope">Method and path the key belongs to, beside the tenant.</param>
/// <param name="RequestDigest">SHA-256 of the request body, 32 bytes.</param>
public sealed record IdempotencyRecord(
    string Scope,
    string Key,
    byte[] RequestDigest,
    string SessionId,
    long FirstSeq,
    int Count,
    long Version,
    DateTimeOffset ExpiresAt);

/// <summary>
/// One session's change, applied whole or not at all: new turns (seq contiguous from <see cref="ExpectedVersion"/>'s
/// last seq + 1), the session row as it is afterwards, and the idempotency record that names them.
/// </summary>
/// <param name="ExpectedVersion">The version the session must have, 0 when it must not exist or be a deleted one's
/// tombstone of version <see cref="TombstoneVersion"/>.</param>
/// <param name="TombstoneVersion">The version left behind by a deleted session of the same id, else 0.</param>
public sealed record SessionCommit(
    SessionKey Key,
    long ExpectedVersion,
    long TombstoneVersion,
    Session After,
    IReadOnlyList<Turn> Turns,
    IdempotencyRecord? Idempotency)
{
    /// <summary>Work to be woken for the session in the same transaction; kinds each once.</summary>
    public IReadOnlyList<Wake> Wakes { get; init; } = [];
}

/// <summary>A session as an actor loads it: the row, or null and the version of the tombstone a deletion left (0: none).</summary>
public readonly record struct SessionLookup(Session? Session, long TombstoneVersion);

/// <summary>
/// Port of the turn log. Reads see every acknowledged commit. Every method is bound to one tenant and never answers
/// with another's rows. Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface ISessionStore
{
    ValueTask<SessionLookup> FindSessionAsync(SessionKey key, CancellationToken cancel);

    /// <summary>
    /// Sessions of a tenant, most recently created first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.
    /// </summary>
    ValueTask<Outcome<Page<Session>>> ListSessionsAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel);

    /// <summary>The time zone of the user's newest session that has one; null: none has.</summary>
    ValueTask<string?> FindTimeZoneAsync(string tenant, string userId, CancellationToken cancel);

    /// <summary>Turns with seq &gt; <paramref name="afterSeq"/>, ascending, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel);

    /// <summary>The last <paramref name="limit"/> turns, ascending.</summary>
    ValueTask<IReadOnlyList<Turn>> ReadTailAsync(SessionKey key, int limit, CancellationToken cancel);

    /// <summary>Those of the named turns that exist, in no particular order.</summary>
    ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(SessionKey key, IReadOnlyCollection<string> turnIds, CancellationToken cancel);

    /// <summary>Turns by session and seq, for showing recalled items; absent ones are left out.</summary>
    ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(string tenant, IReadOnlyList<TurnAddress> addresses, CancellationToken cancel);

    /// <summary>The unexpired record of a key, or null.</summary>
    ValueTask<IdempotencyRecord?> FindIdempotencyAsync(
        string tenant, string scope, string key, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Queues the commit (synchronously, in call order per session) and completes once it is durable or has failed.
    /// </summary>
    Task<CommitStatus> CommitAsync(SessionCommit commit);

    /// <summary>
    /// Removes a session's turns, idempotency records and row, leaving a content-free tombstone with version
    /// <paramref name="expectedVersion"/> + 1. Queued in order with the commits.
    /// </summary>
    Task<CommitStatus> DeleteSessionAsync(SessionKey key, long expectedVersion, DateTimeOffset now);
}

/// <summary>Where a turn is.</summary>
public readonly record struct TurnAddress(string SessionId, long Seq);
