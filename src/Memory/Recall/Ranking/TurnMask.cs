using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Which turns may be answered. Masks hide results; they never change statistics or neighbours' scores.
/// Times in microseconds since the Unix epoch. <see cref="AddedSessionId"/> names a session that need not be the agent's.
/// </summary>
internal sealed record TurnMask(
    string? SessionId = null,
    string? AgentId = null,
    string? Role = null,
    string? Name = null,
    long? OccurredFrom = null,
    long? OccurredTo = null,
    long? RecordedTo = null,
    string? AddedSessionId = null)
{
    private static readonly TurnMask Open = new();

    /// <summary>Null for a mask that hides nothing.</summary>
    public TurnMask? OrNull => this == Open ? null : this;

    public bool Allows(PartitionSnapshot partition, int turn)
    {
        ref readonly var entry = ref partition.Turns[turn];
        var session = partition.Sessions[entry.Session];
        if (SessionId is not null && session.Id != SessionId)
            return false;
        if (AgentId is not null && session.AgentId != AgentId && session.Id != AddedSessionId)
            return false;
        var speaker = partition.Speakers[entry.Speaker];
        if ((Role is not null && speaker.Role != Role) || (Name is not null && speaker.Name != Name))
            return false;
        ref readonly var detail = ref partition.Details[turn];
        return (OccurredFrom is null || detail.OccurredAt >= OccurredFrom)
            && (OccurredTo is null || detail.OccurredAt <= OccurredTo)
            && (RecordedTo is null || detail.RecordedAt <= RecordedTo);
    }
}
