using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>One line of an export that says something of the tenant; see docs/api.md for the format.</summary>
public abstract record TransferRecord;

/// <summary>A session's row; its turns follow, 1 to <see cref="Session.LastSeq"/>.</summary>
/// <param name="Distilled">The last seq distilled; 0 when none.</param>
public sealed record SessionRecord(Session Session, long Distilled) : TransferRecord;

/// <summary>A turn of the session before it; an erased one has its place and nothing to say.</summary>
public sealed record TurnRecord(Turn Turn) : TransferRecord;

/// <summary>What a deleted session left: the version that a new one of its id goes on from.</summary>
public sealed record DeletedSessionRecord(string Id, long Version, DateTimeOffset DeletedAt) : TransferRecord;

/// <summary>One version of a memory; all of a memory's follow one another, oldest first.</summary>
/// <param name="KeyDigests">Of the current version, what consolidation looks the memory up by (<see cref="MemoryKeyDigest"/>).</param>
public sealed record MemoryVersionRecord(MemoryRecord Version, IReadOnlyList<byte[]> KeyDigests) : TransferRecord;

/// <summary>An entity; its observations follow, in the order they were made.</summary>
public sealed record EntityRecord(Entity Entity) : TransferRecord;

public sealed record ObservationRecord(Observation Observation) : TransferRecord;

/// <summary>One version of a relation, in the order they were made.</summary>
public sealed record RelationRecord(Relation Relation) : TransferRecord;

/// <summary>How many records of each kind.</summary>
public sealed record TransferCounts(
    long Sessions = 0, long Turns = 0, long DeletedSessions = 0, long MemoryVersions = 0, long Entities = 0, long Observations = 0,
    long Relations = 0)
{
    public long All => Sessions + Turns + DeletedSessions + MemoryVersions + Entities + Observations + Relations;

    public static TransferCounts operator +(TransferCounts counts, TransferRecord record) => record switch
    {
        SessionRecord => counts with { Sessions = counts.Sessions + 1 },
        TurnRecord => counts with { Turns = counts.Turns + 1 },
        DeletedSessionRecord => counts with { DeletedSessions = counts.DeletedSessions + 1 },
        MemoryVersionRecord => counts with { MemoryVersions = counts.MemoryVersions + 1 },
        EntityRecord => counts with { Entities = counts.Entities + 1 },
        ObservationRecord => counts with { Observations = counts.Observations + 1 },
        RelationRecord => counts with { Relations = counts.Relations + 1 },
        _ => throw new InvalidOperationException($"{record.GetType().Name} is no record this release knows."),
    };

    /// <summary>Adds up two.</summary>
    public static TransferCounts operator +(TransferCounts a, TransferCounts b) => new(
        a.Sessions + b.Sessions, a.Turns + b.Turns, a.DeletedSessions + b.DeletedSessions, a.MemoryVersions + b.MemoryVersions,
        a.Entities + b.Entities, a.Observations + b.Observations, a.Relations + b.Relations);
}
