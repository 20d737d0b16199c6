using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// What must hold between a file's records: kinds in the format's order, turns 1, 2, … up to what their session says, versions
/// of a memory 1, 2, … each known until the next, observations behind their entity.
/// </summary>
internal sealed class CheckOrder
{
    private static readonly Type[] Order =
        [typeof(SessionRecord), typeof(DeletedSessionRecord), typeof(MemoryVersionRecord), typeof(EntityRecord), typeof(RelationRecord)];

    private int place;
    private readonly HashSet<string> turnIds = new(StringComparer.Ordinal);
    private Session? session;
    private long seq;
    private MemoryRecord? memory;
    private string? entityId;

    /// <summary>The field that breaks the order and how; null when the record follows.</summary>
    public (string Field, string Detail)? Accept(TransferRecord record)
    {
        switch (record)
        {
            case TurnRecord turn:
                return Accept(turn.Turn);
            case ObservationRecord observation:
                return observation.Observation.EntityId == entityId ? null : ("entity_id", "is not the entity before it");
            case MemoryVersionRecord { Version.Version: > 1 } later:
                return AcceptLater(later);
        }

        if (End() is { } missing)
            return missing;
        var next = Array.IndexOf(Order, record.GetType());
        if (next < place)
            return ("kind", "comes too late: records stand in the order of the format");
        place = next;
        (session, seq) = record is SessionRecord opened ? (opened.Session, 0) : (null, 0);
        turnIds.Clear();
        memory = (record as MemoryVersionRecord)?.Version;
        entityId = (record as EntityRecord)?.Entity.Id;
        return null;
    }

    /// <summary>What the last record leaves open; null when nothing.</summary>
    public (string Field, string Detail)? End()
    {
        if (session is not null && seq < session.LastSeq)
            return ("seq", "is not reached: turns of the session before are missing");
        return memory?.SupersededAt is not null ? ("version", "is missing: the memory before has a later one") : null;
    }

    private (string Field, string Detail)? Accept(Turn turn)
    {
        if (session is null || turn.SessionId != session.Id)
            return ("session_id", "is not the session before it");
        if (turn.Seq != seq + 1 || turn.Seq > session.LastSeq)
            return ("seq", "must count from 1 without gaps up to the session's last_seq");
        if (!turnIds.Add(turn.Id))
            return ("id", "is the id of an earlier turn of the session");
        seq = turn.Seq;
        return null;
    }

    private (string Field, string Detail)? AcceptLater(MemoryVersionRecord record)
    {
        var version = record.Version;
        if (memory is null || version.Id != memory.Id || version.Version != memory.Version + 1)
            return ("version", "does not follow the one before");
        if (version.RecordedAt != memory.SupersededAt)
            return ("recorded_at", "is not when the version before was superseded");
        if (version.Owner.UserId != memory.Owner.UserId)
            return ("user_id", "is not that of the version before");
        memory = version;
        return null;
    }
}
