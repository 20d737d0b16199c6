using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Erasures;

/// <summary>What an erasure removed, for its receipt. Erasing again removes nothing and counts nothing.</summary>
/// <param name="Turns">Turns that had content.</param>
/// <param name="Vectors">Vectors of those.</param>
/// <param name="IdempotencyRecords">Records whose answers would have been built from those.</param>
/// <param name="DueWork">Work that was waiting for sessions of which nothing is left.</param>
/// <param name="Memories">Memories erased.</param>
/// <param name="Versions">Versions of memories, erased or redacted, that lost content or sources.</param>
/// <param name="Redacted">Memories that stay, because a turn that stays says the same.</param>
/// <param name="Observations">Observations of entities, those of erased entities included.</param>
/// <param name="Entities">Entities of an erased user.</param>
/// <param name="Relations">Relations of those.</param>
public sealed record ErasureCounts(
    long Turns = 0, long Vectors = 0, long IdempotencyRecords = 0, long DueWork = 0, long Memories = 0, long Versions = 0,
    long Redacted = 0, long Observations = 0, long Entities = 0, long Relations = 0)
{
    public static ErasureCounts operator +(ErasureCounts left, ErasureCounts right) => new(
        left.Turns + right.Turns,
        left.Vectors + right.Vectors,
        left.IdempotencyRecords + right.IdempotencyRecords,
        left.DueWork + right.DueWork,
        left.Memories + right.Memories,
        left.Versions + right.Versions,
        left.Redacted + right.Redacted,
        left.Observations + right.Observations,
        left.Entities + right.Entities,
        left.Relations + right.Relations);
}

/// <summary>
/// Port that makes content go for good, and keeps the receipts. What stays says only that there was something: turns keep seq,
/// id, role and times, so that a session has no gaps; memories keep the numbers and times of their versions. Implementations
/// pass <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IErasureStore
{
    /// <summary>
    /// Empties turns of a session: content, name and metadata. With them go their vectors and the idempotency records that
    /// name them; with the last of them the session's due work. The recall feed tells its followers; the session's version
    /// grows, so that whoever holds it in memory must read it again, and distillations that read it before are stale. Nothing
    /// happens when no named turn has content.
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

    /// <summary>
    /// Records a running erasure, with its audit entry and the due work (kind <c>erasure</c>, subject its id) that does it
    /// should the one who began it not, all or nothing.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task BeginErasureAsync(string tenant, Erasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel);

    /// <summary>
    /// Notes, for the receipt, what a running erasure is about to erase, each once however often it is noted; and adds to the
    /// counts that items do not tell (vectors, idempotency records, due work; observations and relations of entities).
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task NoteErasedAsync(string tenant, string id, IReadOnlyCollection<string> items, ErasureCounts others, CancellationToken cancel);

    /// <summary>The items noted, in the order of their bytes, after one of them.</summary>
    ValueTask<IReadOnlyList<string>> ReadErasedAsync(string tenant, string id, string? afterItem, int limit, CancellationToken cancel);

    /// <summary>
    /// Ends a running erasure: its receipt takes the place of its items and its due work. False when it is not running any more.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<bool> CompleteErasureAsync(string tenant, Erasure done, AuditEntry entry, CancellationToken cancel);

    /// <summary>Null when the tenant has none of this id.</summary>
    ValueTask<Erasure?> FindErasureAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>Newest first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<Erasure>>> ListErasuresAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// How long after its beginning a tenant's erasure may not end, since other processes may still go by the data key that it destroyed.
    /// </summary>
    TimeSpan TenantErasureHold { get; }

    /// <summary>
    /// Records that a tenant is erased as a whole, with its audit entry and the due work (kind <c>tenant_erasure</c>, subject its id) that
    /// ends it, and destroys its data key. From then until it ends nothing of the tenant is written: such writes are answered as
    /// StoreUnavailable, after those under way have ended. The erasure that is running already, when there is one. Conflict while the
    /// tenant is being moved.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<Outcome<TenantErasure>> BeginTenantErasureAsync(
        string tenant, TenantErasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel);

    /// <summary>
    /// Removes rows of a tenant that is being erased, in one transaction, and counts them in its erasure; about how many, and 0 when
    /// there are none. The audit trail, the erasure itself, its due work, and the number of the destroyed data key are left.
    /// </summary>
    /// <param name="limit">About so many rows at most.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<long> EraseTenantRowsAsync(string tenant, string id, int limit, CancellationToken cancel);

    /// <summary>
    /// Ends the erasure: the tenant may be written again, as a new one. False, and nothing is changed, when rows are left or it is not
    /// running.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<bool> CompleteTenantErasureAsync(
        string tenant, string id, DateTimeOffset completedAt, AuditEntry entry, CancellationToken cancel);

    /// <summary>The newest erasure of the tenant as a whole; null when there was none.</summary>
    ValueTask<TenantErasure?> FindTenantErasureAsync(string tenant, CancellationToken cancel);
}
