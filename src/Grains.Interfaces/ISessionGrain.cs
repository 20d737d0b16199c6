using MemoryOrleans.Erasures;
using MemoryOrleans.Episodes;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Orleans.CodeGeneration;

namespace MemoryOrleans.Grains;

/// <summary>
/// One session: its single writer, and its working memory. Named by <see cref="GrainKeys.Of(SessionKey)"/>; callers say the tenant
/// in <see cref="CallContext"/>. Appends interleave: they take their seq in the order they arrive, and share commits. A call is
/// safe to send again when its turns have ids; without ids it may double. <see cref="ErrorCode.SessionMoved"/> asks to call again
/// at once: this activation was not the latest writer, and ends. An absent session is NotFound.
/// </summary>
[Alias("memory.ISessionGrain")]
[Version(1)]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Appends turns, all or none. The command's session must be the grain's.</summary>
    [Alias("append")]
    Task<Outcome<AppendResult>> AppendAsync([Immutable] AppendCommand command, CancellationToken cancel);

    /// <summary>The session as it is stored now.</summary>
    [Alias("get")]
    Task<Outcome<Session>> GetAsync(CancellationToken cancel);

    /// <summary>Turns after a seq, ascending, at most so many.</summary>
    [Alias("turns")]
    Task<Outcome<Turn[]>> ListTurnsAsync(long afterSeq, int limit, CancellationToken cancel);

    /// <summary>The live window, and the summary of what left it.</summary>
    [Alias("working")]
    Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(CancellationToken cancel);

    /// <summary>A prompt-ready block: window, summary and, with a question, what recall finds beyond them, inside the budget.</summary>
    /// <param name="tokensMax">Estimated tokens, at least 1.</param>
    [Alias("context")]
    Task<Outcome<ContextBlock>> BuildContextAsync(string? question, int tokensMax, CancellationToken cancel);

    /// <summary>The same with a question, whose recall is narrowed by agent, scopes, kinds, filter and least relevance.</summary>
    [Alias("narrowed-context")]
    Task<Outcome<ContextBlock>> BuildNarrowedContextAsync([Immutable] RecallQuery narrowed, int tokensMax, CancellationToken cancel);

    /// <summary>Closes the session; closing a closed one changes nothing.</summary>
    [Alias("close")]
    Task<Outcome<Session>> CloseAsync(long? ifMatchVersion, CancellationToken cancel);

    /// <summary>
    /// Removes the session and its turns; the answer is the session as it was. Memories made of it stay: an erasure removes those too.
    /// </summary>
    [Alias("delete")]
    Task<Outcome<Session>> DeleteAsync(long? ifMatchVersion, CancellationToken cancel);

    /// <summary>Empties turns for good, between two commits; what was emptied. A step of an erasure, which records what it does.</summary>
    /// <param name="seqs">Turns of the session, ascending.</param>
    [Alias("erase")]
    Task<Outcome<ErasureCounts>> EraseTurnsAsync([Immutable] long[] seqs, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Distils now whatever of the session is left; a model may take minutes for it. Calls at the same time share one run.
    /// </summary>
    [Alias("distil")]
    [ResponseTimeout("00:15:00")]
    Task<Outcome<DistillationReport>> DistilAsync(CancellationToken cancel);
}
