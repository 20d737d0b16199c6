using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>What an erasure does to memories: erases them, or takes from them what rested on erased turns.</summary>
internal sealed class EraseMemories(ISessionStore sessions, IMemoryStore memories, IErasureStore erasures, RedactSources redact)
{
    private const int PageSize = 100;
    private const int AttemptsMax = 10;

    /// <summary>Empties every version of a memory; nothing when there is none to erase.</summary>
    public Task EraseAsync(ErasureRun run, string id) => RetryAsync(async () =>
        await EraseAsync(run, await memories.ReadHistoryAsync(run.Tenant, id, run.Cancel)));

    /// <summary>
    /// Erases or redacts every memory of which any version cites turns of the session that are gone. False: patience is spent.
    /// </summary>
    public async Task<bool> RedactCitingAsync(ErasureRun run, string sessionId)
    {
        string? after = null;
        IReadOnlyList<MemoryRecord> page;
        do
        {
            page = await memories.FindCitingAsync(run.Tenant, sessionId, after, PageSize, run.Cancel);
            foreach (var memory in page)
            {
                if (run.IsSpent)
                    return false;
                await RetryAsync(() => RedactAsync(run, sessionId, memory.Id));
                after = memory.Id;
            }
        }
        while (page.Count == PageSize);
        return true;
    }

    /// <summary>Erases the memories that the filter names and the erasure concerns. False: patience is spent.</summary>
    public async Task<bool> EraseOwnedAsync(ErasureRun run, MemoryFilter filter)
    {
        string? cursor = null;
        do
        {
            var page = (await memories.ListMemoriesAsync(run.Tenant, filter, cursor, PageSize, run.Cancel)).Value;
            foreach (var memory in page.Items.Where(static memory => memory.Status != MemoryStatus.Erased))
            {
                if (run.IsSpent)
                    return false;
                // A memory's age is that of its first version; later versions repeat it or replace it.
                var first = (await memories.ReadHistoryAsync(run.Tenant, memory.Id, run.Cancel))[0];
                if (run.Concerns(first.RecordedAt))
                    await EraseAsync(run, memory.Id);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return true;
    }

    private async Task<CommitStatus> EraseAsync(ErasureRun run, IReadOnlyList<MemoryRecord> history)
    {
        var erasure = EraseMemory.Erase(history, ifMatchVersion: null, run.Erasure.Id, run.Now);
        if (!erasure.IsSuccess)
            return CommitStatus.Committed;
        await run.NoteAsync([ErasureItems.OfErased(history[0].Id),
            .. history.Where(static version => version.Content.Length > 0).Select(ErasureItems.OfVersion)]);
        return await erasures.RedactMemoryAsync(run.Tenant, erasure.Value.Tombstone, erasure.Value.Redacted, run.Cancel);
    }

    private async Task<CommitStatus> RedactAsync(ErasureRun run, string sessionId, string id)
    {
        var history = await memories.ReadHistoryAsync(run.Tenant, id, run.Cancel);
        if (history.Count == 0)
            return CommitStatus.Committed;
        var cited = history.SelectMany(static version => version.Sources).ToHashSet();
        var stored = await ReadStoredAsync(run, cited);
        var living = stored.Where(static each => !each.Value.IsErased).ToDictionary();
        var erased = cited.Where(source => stored.TryGetValue(source, out var turn)
            ? turn.IsErased : source.SessionId == sessionId && run.MayHaveErased(source.TurnId)).ToHashSet();
        var redaction = redact.Redact(
            history, erased, source => living.GetValueOrDefault(source)?.Content, run.Erasure.Id, run.Now,
            source => living.TryGetValue(source, out var turn) ? redact.FactsOf(turn) : []);
        switch (redaction.Decision)
        {
            case RedactionDecision.Keep:
                return CommitStatus.Committed;
            case RedactionDecision.Redact:
                await run.NoteAsync([ErasureItems.OfRedacted(id),
                    .. history.Where((version, i) => !MemoryVersions.SayTheSame(version, redaction.Redacted[i]))
                    .Select(ErasureItems.OfVersion)]);
                return await erasures.RedactMemoryAsync(run.Tenant, redaction.Write!, redaction.Redacted, run.Cancel);
            default:
                // An episode goes even when some of its turns remain: those turns are still recalled themselves.
                return await EraseAsync(run, history);
        }
    }

    private async Task<Dictionary<SourceTurn, Turn>> ReadStoredAsync(ErasureRun run, IEnumerable<SourceTurn> cited)
    {
        var stored = new Dictionary<SourceTurn, Turn>();
        foreach (var session in cited.GroupBy(static source => source.SessionId, StringComparer.Ordinal))
        {
            var ids = session.Select(static source => source.TurnId).ToHashSet(StringComparer.Ordinal);
            foreach (var turn in await sessions.FindTurnsAsync(new SessionKey(run.Tenant, session.Key), ids, run.Cancel))
                stored[new SourceTurn(turn.SessionId, turn.Id, turn.Seq)] = turn;
        }

        return stored;
    }

    private static async Task RetryAsync(Func<Task<CommitStatus>> change)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (CommitErrors.IsCommitted(await change()))
                return;
        }

        throw new StoreUnavailableException("The memory is changed by others all the time.");
    }
}
