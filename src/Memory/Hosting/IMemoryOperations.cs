using MemoryOrleans.Episodes;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Hosting;

/// <summary>A turn as a caller names it.</summary>
public readonly record struct TurnReference(string SessionId, string TurnId)
{
    /// <summary>What a write is answered whose sources are not there: the same, whether a turn is absent, erased or another's.</summary>
    public static readonly MemoryError NoneSuch = new(ErrorCode.InvalidInput, "They must be turns that exist.", "sources");
}

/// <summary>What an undo did.</summary>
/// <param name="Operation">The undo's own operation, which can be undone in turn.</param>
/// <param name="Changed">Every memory it changed, as it is now.</param>
public sealed record UndoneOperation(string Operation, IReadOnlyList<MemoryRecord> Changed);

/// <summary>
/// Episodes, facts, and what agents write. Absent, erased and another tenant's look the same: NotFound. Every write may answer
/// StoreUnavailable or Overloaded, and then changed nothing.
/// </summary>
public interface IMemoryOperations
{
    /// <summary>Distils now whatever of the session is left. NotFound; NotReady when the distiller does not answer.</summary>
    Task<Outcome<DistillationReport>> DistilAsync(SessionKey key, CancellationToken cancel);

    /// <summary>How far the session is distilled. NotFound.</summary>
    Task<Outcome<DistillationProgress>> GetProgressAsync(SessionKey key, CancellationToken cancel);

    /// <summary>Writes an agent's own record. InvalidInput on its fields, on <c>sources</c> when a turn does not exist.</summary>
    /// <param name="sources">The turns it rests on; those of the draft are ignored.</param>
    Task<Outcome<MemoryRecord>> WriteAsync(string tenant, MemoryDraft draft, IReadOnlyList<TurnReference> sources,
        CancellationToken cancel);

    /// <summary>Current versions but erased ones, the most recently made memories first.</summary>
    Task<Outcome<Page<MemoryRecord>>> ListAsync(string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel);

    Task<Outcome<MemoryRecord>> GetAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>All versions, oldest first.</summary>
    Task<Outcome<IReadOnlyList<MemoryRecord>>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>The memory after the patch; unchanged when it says nothing new. NotFound, PreconditionFailed, InvalidInput.</summary>
    Task<Outcome<MemoryRecord>> EditAsync(string tenant, string id, MemoryPatch patch, long? ifMatchVersion, CancellationToken cancel);

    /// <summary>
    /// Takes back the operation that made the memory's current version, in every memory it changed. NotFound; PreconditionFailed
    /// when the version is another one, or later operations built on it.
    /// </summary>
    Task<Outcome<UndoneOperation>> UndoAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel);

    /// <summary>Takes note that the memory was cited; the answer is its salience now. Saved within a sweep's period.</summary>
    Task<Outcome<Salience>> CiteAsync(string tenant, string id, CancellationToken cancel);
}
