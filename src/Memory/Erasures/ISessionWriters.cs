using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>
/// The single writers of sessions, wherever a host keeps them, as an erasure needs them: what it does to a session comes between
/// the writer's own commits, and the writer reads the session afresh before its next.
/// </summary>
public interface ISessionWriters
{
    /// <summary>Empties turns when no commit of the session's writer is under way, and before the next; what was emptied.</summary>
    /// <param name="seqs">Turns of the session, ascending.</param>
    /// <exception cref="StoreUnavailableException">The store, or the session's writer, cannot be reached.</exception>
    Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyList<long> seqs, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Removes what is left of a session. PreconditionFailed on another version; NotFound.</summary>
    Task<Outcome<Session>> DeleteAsync(SessionKey key, long ifMatchVersion, CancellationToken cancel);
}
