using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memories;

/// <summary>How a memory reads as a document of the recall index: a session of its own with one turn.</summary>
public static class MemoryDocument
{
    /// <summary>Only active and archived memories are documents.</summary>
    public static bool IsRecallable(MemoryStatus status) => status is MemoryStatus.Active or MemoryStatus.Archived;

    public static Turn ToTurn(MemoryRecord memory) => new(
        memory.Id, 1, memory.Id, memory.Kind, Name: null, memory.Content, memory.ValidFrom, memory.RecordedAt, memory.Metadata,
        TokenEstimate.Of(memory.Content));
}
