using MemoryOrleans.Episodes;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>
/// The single writer of one session, named by <see cref="GrainKeys.Of(SessionKey)"/>. Appends interleave: they take their seq in
/// the order they arrive, and share commits. A call is safe to send again when its turns have ids; without ids it may double.
/// <see cref="ErrorCode.SessionMoved"/> asks to call again at once: this activation was not the latest writer, and ends.
/// </summary>
[Alias("memory.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Appends turns, all or none. The command's session must be the grain's.</summary>
    [Alias("append")]
    Task<Outcome<AppendResult>> AppendAsync([Immutable] AppendCommand command, CancellationToken cancel);

    /// <summary>Closes the session; closing a closed one changes nothing.</summary>
    [Alias("close")]
    Task<Outcome<Session>> CloseAsync(long? ifMatchVersion, CancellationToken cancel);

    /// <summary>Distils now whatever of the session is left.</summary>
    [Alias("distil")]
    Task<Outcome<DistillationReport>> DistilAsync(CancellationToken cancel);
}
