using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Retention;

/// <summary>What an erasure removed, for its receipt. Erasing again removes nothing and counts nothing.</summary>
/// <param name="Turns">Turns that had content.</param>
/// <param name="Vectors">Vectors of those.</param>
/// <param name="IdempotencyRecords">Records whose answers would have been built from those.</param>
/// <param name="DueWork">Work that was waiting for sessions of which nothing is left.</param>
/// <param name="Memories">Memories erased.</param>
/// <param name="Versions">Their versions that had content.</param>
public sealed record ErasureCounts(
    long Turns = 0, long Vectors = 0, long IdempotencyRecords = 0, long DueWork = 0, long Memories = 0, long Versions = 0)
{
    public static ErasureCounts operator +(ErasureCounts left, ErasureCounts right) => new(
        left.Turns + right.Turns,
        left.Vectors + right.Vectors,
        left.IdempotencyRecords + right.IdempotencyRecords,
        left.DueWork + right.DueWork,
        left.Memories + right.Memories,
        left.Versions + right.Versions);
}

/// <summary>
/// Port that makes content go for good. What stays says only that there was something: turns keep seq, id, role and times, so
/// that a session has no gaps; memories keep the numbers and times of their versions. Implementations pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IErasureStore
{
    /// <summary>
    /// Empties turns of a session: content, name and metadata. With them go their vectors and the idempotency records that
    /// name them; with the last of them the session's due work. The recall feed tells its followers; the session's version
    /// grows, so that whoever holds it in memory must read it again. Nothing happens when no named turn has content.
    /// </summary>
    /// <param name="seqs">Which turns; null: all there are.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write; nothing was erased.</exception>
    Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyCollection<long>? seqs, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Adds a memory's next version and has earlier ones read otherwise from now on, in one step: what they held is gone.
    /// Stale when the memory's version is not the expected one.
    /// </summary>
    /// <param name="redacted">Earlier versions, none longer than what it takes the place of; their content, metadata, topics,
    /// entities, claim, sources and status count.</param>
    Task<CommitStatus> RedactMemoryAsync(string tenant, MemoryWrite next, IReadOnlyList<MemoryRecord> redacted, CancellationToken cancel);
}
