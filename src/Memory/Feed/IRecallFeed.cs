using MemoryOrleans.Sessions;

namespace MemoryOrleans.Feed;

/// <summary>The unit of the recall index: the sessions of one user of one tenant; null is "sessions without a user".</summary>
public readonly record struct PartitionKey(string Tenant, string? UserId);

/// <summary>A partition and the number of its newest committed change.</summary>
public readonly record struct PartitionHead(PartitionKey Partition, long Head);

/// <summary>How far the partitions of a question have come, of both feeds, as read at once.</summary>
public sealed record ScopeHeads(IReadOnlyList<PartitionHead> Turns, IReadOnlyList<PartitionHead> Memories);

/// <summary>A committed change, in commit order. <see cref="Change"/> grows strictly within a partition.</summary>
public abstract record FeedChange(long Change);

public sealed record TurnCommitted(long Change, Turn Turn, string? AgentId) : FeedChange(Change)
{
    /// <summary>
    /// True for a text that is no part of a conversation: it takes the place of whatever its session held before, and its date
    /// is not among its words.
    /// </summary>
    public bool IsDocument { get; init; }

    /// <summary>Names of what the text is about, which it says itself.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Other names of it: they are searched like the text, and a question that has one whole has named it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    // Lists are compared by what is in them.
    public bool Equals(TurnCommitted? other) => other is not null && base.Equals(other) && Turn == other.Turn && AgentId == other.AgentId
        && IsDocument == other.IsDocument && Names.SequenceEqual(other.Names, StringComparer.Ordinal)
        && Aliases.SequenceEqual(other.Aliases, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Change, Turn, AgentId, Aliases.Count);
}

/// <summary>Every turn of the session with a smaller change number is gone.</summary>
public sealed record SessionRemoved(long Change, string SessionId) : FeedChange(Change);

/// <summary>A turn of a smaller change number has been erased; the session's others stay.</summary>
public sealed record TurnErased(long Change, string SessionId, long Seq) : FeedChange(Change);

/// <summary>
/// Port through which the recall index follows the store. A change that was acknowledged is visible here at once.
/// </summary>
public interface IRecallFeed
{
    /// <summary>The number of the partition's newest committed change; 0 when it has none.</summary>
    ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel);

    /// <summary>All partitions of a tenant with their heads, in no particular order.</summary>
    ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Changes after the watermark, ascending, in batches of at most a few thousand; with watermark 0, everything that
    /// still exists. Ends at a point no earlier than the head at the time of the call.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(PartitionKey partition, long watermark, CancellationToken cancel);
}
