using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memories;

/// <summary>How a memory reads as a document of the recall index: a session of its own with one turn.</summary>
public static class MemoryDocument
{
    /// <summary>Active, archived and superseded memories are documents; which of them answer, <see cref="AsOfPolicy"/> says.</summary>
    public static bool IsRecallable(MemoryStatus status) =>
        status is MemoryStatus.Active or MemoryStatus.Archived or MemoryStatus.Superseded;

    public static Turn ToTurn(MemoryRecord memory) => new(
        memory.Id, 1, memory.Id, memory.Kind, Name: null, memory.Content, memory.ValidFrom, memory.RecordedAt, memory.Metadata,
        TokenEstimate.Of(memory.Content));

    /// <summary>
    /// Adds what a follower is told of a memory whose newest change has the number <paramref name="change"/>: the removal of
    /// what it may have (the number before), and the memory as it is; or that it is gone.
    /// </summary>
    /// <param name="replaces">Whether the feed had the memory before.</param>
    /// <param name="removalsFrom">Removals before this number say nothing to the follower.</param>
    public static void AddChanges(List<FeedChange> changes, MemoryRecord memory, long change, bool replaces, long removalsFrom)
    {
        var isThere = IsRecallable(memory.Status) && !UnreadableText.Is(memory.Content);
        if (isThere && replaces && change > removalsFrom)
            changes.Add(new SessionRemoved(change - 1, memory.Id));
        if (isThere)
            changes.Add(new TurnCommitted(change, ToTurn(memory), memory.Owner.AgentId) { Aliases = memory.Aliases });
        else if (change >= removalsFrom)
            changes.Add(new SessionRemoved(change, memory.Id));
    }
}
