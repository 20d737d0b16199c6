using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>
/// What an erasure does to sessions. First the turns: once they are empty no distillation that read them can be written. Then
/// whatever cites them, wherever it is. Last what is left of the session itself, unless it has gone on meanwhile.
/// </summary>
internal sealed class EraseSessions(
    ISessionStore sessions, ISessionWriters writers, EraseMemories eraseMemories, EraseGraph eraseGraph)
{
    // Turns emptied in one transaction. Other writers wait for that transaction, so it stays small.
    private const int TurnsMax = 500;
    private const int PageSize = 100;
    private const int AttemptsMax = 10;

    /// <summary>False: patience is spent.</summary>
    public async Task<bool> EraseOwnedAsync(ErasureRun run, string userId)
    {
        string? cursor = null;
        do
        {
            var page = (await sessions.ListSessionsAsync(run.Tenant, new SessionFilter(userId), cursor, PageSize, run.Cancel)).Value;
            foreach (var session in page.Items.Where(session => run.Concerns(session.CreatedAt)))
            {
                if (!await EraseAsync(run, session.Id))
                    return false;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return true;
    }

    /// <summary>False: patience is spent.</summary>
    public async Task<bool> EraseAsync(ErasureRun run, string sessionId)
    {
        var key = new SessionKey(run.Tenant, sessionId);
        if (!await EraseTurnsAsync(run, key)
            || !await eraseMemories.RedactCitingAsync(run, sessionId)
            || !await eraseMemories.EraseOwnedAsync(run, new MemoryFilter(Status: null, SessionId: sessionId))
            || !await eraseGraph.EraseCitingAsync(run, sessionId))
        {
            return false;
        }

        await DeleteAsync(run, key);
        return true;
    }

    /// <summary>One turn and what rests on it; the session stays, and so does the turn's place in it. False: patience is spent.</summary>
    public async Task<bool> EraseTurnAsync(ErasureRun run, string sessionId, string turnId)
    {
        var key = new SessionKey(run.Tenant, sessionId);
        Turn[] doomed = [.. (await sessions.FindTurnsAsync(key, [turnId], run.Cancel))
            .Where(turn => !turn.IsErased && run.Concerns(turn.RecordedAt))];
        if (doomed.Length > 0)
            await EraseTurnsAsync(run, key, doomed);
        return await eraseMemories.RedactCitingAsync(run, sessionId) && await eraseGraph.EraseCitingAsync(run, sessionId);
    }

    private async Task<bool> EraseTurnsAsync(ErasureRun run, SessionKey key)
    {
        long after = 0;
        IReadOnlyList<Turn> page;
        do
        {
            if (run.IsSpent)
                return false;
            page = await sessions.ReadTurnsAsync(key, after, TurnsMax, run.Cancel);
            var doomed = page.Where(turn => !turn.IsErased && run.Concerns(turn.RecordedAt)).ToArray();
            if (doomed.Length > 0)
                await EraseTurnsAsync(run, key, doomed);
            after = page.Count > 0 ? page[^1].Seq : after;
        }
        while (page.Count == TurnsMax);
        return true;
    }

    private async Task EraseTurnsAsync(ErasureRun run, SessionKey key, Turn[] doomed)
    {
        await run.NoteAsync([.. doomed.Select(ErasureItems.Of)]);
        var counts = await writers.EraseTurnsAsync(key, Array.ConvertAll(doomed, static turn => turn.Seq), run.Now, run.Cancel);
        await run.NoteAsync(counts with { Turns = 0 });
    }

    private async Task DeleteAsync(ErasureRun run, SessionKey key)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if ((await sessions.FindSessionAsync(key, run.Cancel)).Session is not { } session || !run.Concerns(session.CreatedAt)
                || await HasLivingTurnAsync(run, key))
            {
                return;
            }

            var deleted = await writers.DeleteAsync(key, session.Version, run.Cancel);
            if (deleted.IsSuccess || deleted.Error.Code == ErrorCode.NotFound)
                return;
            if (deleted.Error.Code is not (ErrorCode.PreconditionFailed or ErrorCode.SessionMoved))
                throw new StoreUnavailableException("A session could not be deleted.");
        }

        throw new StoreUnavailableException("The session is changed by others all the time.");
    }

    // Turns are recorded in the order of their seqs: when the last one falls under the erasure, so do all before it, and are erased. One
    // that does not may have been erased by itself, after others that came when the erasure had been recorded.
    private async Task<bool> HasLivingTurnAsync(ErasureRun run, SessionKey key)
    {
        var tail = await sessions.ReadTailAsync(key, 1, run.Cancel);
        if (tail is not [{ IsErased: true } last])
            return tail.Count > 0;
        if (run.Concerns(last.RecordedAt))
            return false;
        long after = 0;
        while (await sessions.ReadTurnsAsync(key, after, TurnsMax, run.Cancel) is { Count: > 0 } page)
        {
            if (page.Any(static turn => !turn.IsErased))
                return true;
            after = page[^1].Seq;
        }

        return false;
    }
}
