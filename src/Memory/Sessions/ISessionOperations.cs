namespace MemoryOrleans.Sessions;

/// <summary>What callers do with sessions; the same under every host.</summary>
public interface ISessionOperations
{
    Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel);

    Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel);

    Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Turns after <paramref name="afterSeq"/>, ascending.</summary>
    Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel);

    Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel);

    /// <summary>Closes the session; closing a closed one changes nothing.</summary>
    Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel);
}
