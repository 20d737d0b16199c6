using MemoryOrleans.Scheduling;
using MemoryOrleans.Text;

namespace MemoryOrleans.Sessions;

/// <summary>
/// What a session's actor knows between commits: the session as it will be once everything reserved is durable.
/// Plain and synchronous; the actor around it owns waiting and saving.
/// </summary>
/// <param name="turnIds">Mints ids for turns that come without one; unique within a session.</param>
/// <param name="pace">When to wake distillation; null: never.</param>
public sealed class SessionState(SessionKey key, SessionLookup loaded, Func<string> turnIds, DistillationPace? pace = null)
{
    private Session? session = loaded.Session;
    private long tombstone = loaded.TombstoneVersion;
    private DateTimeOffset? wakeAt;

    /// <summary>The session after everything reserved so far; null while it does not exist.</summary>
    public Session? Session => session;

    /// <summary>
    /// Numbers the drafts that are not among <paramref name="existing"/> and returns the commit that stores them.
    /// Nothing changes when an error is returned.
    /// </summary>
    /// <param name="existing">Stored turns of this session under ids that the command supplies.</param>
    public Outcome<SessionReservation> Reserve(AppendCommand command, IReadOnlyDictionary<string, Turn> existing, DateTimeOffset now)
    {
        if (FindConflict(command, existing) is { } conflict)
            return conflict;
        var expected = session?.Version ?? 0;
        var fresh = command.Turns.Count(draft => draft.Id is null || !existing.ContainsKey(draft.Id));
        if (fresh > 0 && command.IfMatchVersion is { } wanted && wanted != expected)
            return PreconditionFailed(expected);

        var recordedAt = Later(now, session?.UpdatedAt);
        var seq = session?.LastSeq ?? 0;
        var zone = command.TimeZone ?? session?.TimeZone;
        var turns = new Turn[command.Turns.Count];
        var appended = new List<Turn>(fresh);
        for (var i = 0; i < turns.Length; i++)
        {
            var draft = command.Turns[i];
            if (draft.Id is not null && existing.TryGetValue(draft.Id, out var stored))
            {
                turns[i] = stored;
                continue;
            }

            turns[i] = new Turn(
                key.Id, ++seq, draft.Id ?? turnIds(), draft.Role, draft.Name, draft.Content,
                PersonClock.Tell(draft.OccurredAt ?? recordedAt, zone), recordedAt, draft.Metadata, TokenEstimate.Of(draft.Content));
            appended.Add(turns[i]);
        }

        if (appended.Count == 0)
            return new SessionReservation(turns, expected, Commit: null);
        return new SessionReservation(turns, NextVersion, Advance(command, appended, recordedAt));
    }

    /// <summary>The commit that closes the session; null when it is closed already.</summary>
    public Outcome<SessionCommit?> Close(long? ifMatchVersion, DateTimeOffset now)
    {
        if (session is null)
            return NotFound();
        if (ifMatchVersion is { } wanted && wanted != session.Version)
            return PreconditionFailed(session.Version);
        if (session.Status == SessionStatus.Closed)
            return default(SessionCommit);
        var after = session with
        {
            Status = SessionStatus.Closed, Version = session.Version + 1, UpdatedAt = Later(now, session.UpdatedAt),
        };
        var commit = new SessionCommit(key, session.Version, 0, after, [], Idempotency: null)
        {
            Wakes = pace is null ? [] : WakeAt(after.UpdatedAt),
        };
        session = after;
        return commit;
    }

    /// <summary>The version a deletion must find; afterwards the session does not exist and its next version is one more.</summary>
    public Outcome<long> Delete(long? ifMatchVersion)
    {
        if (session is null)
            return NotFound();
        if (ifMatchVersion is { } wanted && wanted != session.Version)
            return PreconditionFailed(session.Version);
        var expected = session.Version;
        tombstone = expected + 1;
        session = null;
        wakeAt = null;
        return expected;
    }

    private long NextVersion => (session?.Version ?? tombstone) + 1;

    private SessionCommit Advance(AppendCommand command, List<Turn> appended, DateTimeOffset recordedAt)
    {
        var version = NextVersion;
        var before = session;
        var after = before is null
            ? new Session(key.Id, command.UserId, command.AgentId, SessionStatus.Open, appended[^1].Seq, version, recordedAt,
            recordedAt) { TimeZone = command.TimeZone }
            : before with
            {
                Status = SessionStatus.Open, LastSeq = appended[^1].Seq, Version = version, UpdatedAt = recordedAt,
                    TimeZone = command.TimeZone ?? before.TimeZone,
            };
        var record = command.Idempotency is { } idempotency
            ? new IdempotencyRecord(
                idempotency.Scope, idempotency.Key, idempotency.RequestDigest, key.Id,
                appended[0].Seq, appended.Count, version, recordedAt + IdempotencyLifetime)
            : null;
        session = after;
        return new SessionCommit(key, before?.Version ?? 0, before is null ? tombstone : 0, after, appended, record)
        {
            Wakes = WakesAfter(before?.LastSeq ?? 0, after),
        };
    }

    private Wake[] WakesAfter(long lastSeqBefore, Session after) =>
        pace is not null && DistilWakePolicy.AfterAppend(lastSeqBefore, after.LastSeq, wakeAt, after.UpdatedAt, pace) is { } dueAt
            ? WakeAt(dueAt)
            : [];

    private Wake[] WakeAt(DateTimeOffset dueAt)
    {
        wakeAt = dueAt;
        return [new Wake(DueKinds.Distil, dueAt)];
    }

    /// <summary>How long an idempotency key answers again.</summary>
    public static readonly TimeSpan IdempotencyLifetime = TimeSpan.FromHours(24);

    private MemoryError? FindConflict(AppendCommand command, IReadOnlyDictionary<string, Turn> existing)
    {
        if (session is not null && command.UserId is not null && command.UserId != session.UserId)
            return new MemoryError(ErrorCode.OwnerConflict, "The session belongs to another user, or to none.", "user_id");
        if (session is not null && command.AgentId is not null && command.AgentId != session.AgentId)
            return new MemoryError(ErrorCode.OwnerConflict, "The session belongs to another agent, or to none.", "agent_id");
        foreach (var draft in command.Turns)
        {
            if (draft.Id is not null && existing.TryGetValue(draft.Id, out var turn) && !turn.IsReplayedBy(draft))
                return new MemoryError(ErrorCode.TurnIdConflict, $"Turn '{draft.Id}' exists with other content.", "id");
        }

        return null;
    }

    private static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset? before) => before > now ? before.Value : now;

    private static MemoryError NotFound() => new(ErrorCode.NotFound, "There is no such session.");

    private static MemoryError PreconditionFailed(long version) =>
        new(ErrorCode.PreconditionFailed, $"The session's version is {version}.", "If-Match");
}

/// <summary>Numbered turns in the order of the request, and what stores the new ones; null when all were stored before.</summary>
public sealed record SessionReservation(IReadOnlyList<Turn> Turns, long Version, SessionCommit? Commit);
