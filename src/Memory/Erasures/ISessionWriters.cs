using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>
/// The single writers of sessions, wherever a host keeps them, as an erasure needs them: what it does to a session comes between
/// the writer's own commits, and the writer reads the session afresh before its next.
/// </summary>
public interface ISessionWriters
{
    /// <summary>Runs a change of the session's rows when no commit of its writer is under way, and before the next.</summary>
    Task ChangeAsync(SessionKey key, Func<Task> change, CancellationToken cancel);

    /// <summary>Removes what is left of a session. PreconditionFailed on another version; NotFound.</summary>
    Task<Outcome<Session>> DeleteAsync(SessionKey key, long ifMatchVersion, CancellationToken cancel);
}
