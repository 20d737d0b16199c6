namespace MemoryOrleans.Memories;

/// <summary>What an erasure asks of the store.</summary>
/// <param name="Tombstone">The last version, which says only that there was a memory.</param>
/// <param name="Redacted">The versions before it as they must read from now on; what they held must be gone from the store.</param>
public sealed record MemoryErasure(MemoryWrite Tombstone, IReadOnlyList<MemoryRecord> Redacted);

/// <summary>Removes a memory's content for good. It cannot be undone.</summary>
public static class EraseMemory
{
    /// <summary>NotFound when there is none or it is erased already; PreconditionFailed on another version.</summary>
    /// <param name="history">All versions, oldest first; empty when there is no such memory.</param>
    public static Outcome<MemoryErasure> Erase(
        IReadOnlyList<MemoryRecord> history, long? ifMatchVersion, string operation, DateTimeOffset now)
    {
        var current = history.Count == 0 ? null : history[^1];
        if (MemoryErrors.Of(current, ifMatchVersion) is { } error)
            return error;
        return new MemoryErasure(
            MemoryVersions.Next(current!, Tombstone(current!), MemoryChange.Erased, operation, now),
            [.. history.Select(static version => WithoutContent(version) with { Status = MemoryStatus.Erased })]);
    }

    /// <summary>The version as a tombstone, which says only that there was a memory.</summary>
    public static MemoryRecord Tombstone(MemoryRecord version) =>
        WithoutContent(version) with { Status = MemoryStatus.Erased, IsPinned = false, SupersededBy = null };

    /// <summary>The version without anything that was said, or that tells where it was said.</summary>
    public static MemoryRecord WithoutContent(MemoryRecord version) => version with
    {
        Content = "",
        Claim = null,
        Topics = [],
        Entities = [],
        Aliases = [],
        Metadata = null,
        Sources = [],
    };
}
