using MemoryOrleans.Sessions;

namespace MemoryOrleans.Episodes;

/// <summary>Reads of sessions, straight from the store; the same under every host.</summary>
public sealed class SessionReader(ISessionStore store, WorkingMemoryLimits window, RollingSummary past)
{
    public async Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) =>
        (await store.FindSessionAsync(key, cancel)).Session is { } session ? session : NotFound;

    public async Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        await store.ListSessionsAsync(tenant, filter, cursor, limit, cancel);

    public async Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel)
    {
        if ((await store.FindSessionAsync(key, cancel)).Session is null)
            return NotFound;
        return Outcome.Of(await store.ReadTurnsAsync(key, afterSeq, limit, cancel));
    }

    public async Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel)
    {
        if ((await store.FindSessionAsync(key, cancel)).Session is not { } session)
            return NotFound;
        var view = WorkingMemory.Select(session, await store.ReadTailAsync(key, window.TurnsMax, cancel), window);
        var parts = window.SummaryTokensMax == 0 ? [] : await past.ReadAsync(key.Tenant, view, cancel);
        return view with { Summary = SummaryPart.Select(parts, window.SummaryTokensMax, static part => part.Tokens) };
    }

    /// <summary>What every read of an absent session answers.</summary>
    public static MemoryError NotFound => new(ErrorCode.NotFound, "There is no such session.");
}
