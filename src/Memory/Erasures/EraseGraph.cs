using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Erasures;

/// <summary>What an erasure does to the knowledge graph: observations that cite erased turns, and a user's own entities.</summary>
internal sealed class EraseGraph(ISessionStore sessions, IGraphStore graph)
{
    private const int PageSize = 100;
    private const int AttemptsMax = 10;

    /// <summary>
    /// Erases every observation, current or not, that cites turns of the session that are gone. False: patience is spent.
    /// </summary>
    public async Task<bool> EraseCitingAsync(ErasureRun run, string sessionId)
    {
        string? after = null;
        IReadOnlyList<Observation> page;
        do
        {
            page = await graph.FindObservationsCitingAsync(run.Tenant, sessionId, after, PageSize, run.Cancel);
            foreach (var observation in page)
            {
                if (run.IsSpent)
                    return false;
                if (await CitesErasedAsync(run, sessionId, observation))
                    await EraseAsync(run, observation);
                after = observation.Id;
            }
        }
        while (page.Count == PageSize);
        return true;
    }

    /// <summary>Erases a user's entities with all that is said of them. False: patience is spent.</summary>
    public async Task<bool> EraseOwnedAsync(ErasureRun run, string userId)
    {
        string? cursor = null;
        do
        {
            var page = (await graph.ListEntitiesAsync(run.Tenant, new EntityFilter(UserId: userId), cursor, PageSize, run.Cancel)).Value;
            foreach (var entity in page.Items.Where(entity => run.Concerns(entity.CreatedAt)))
            {
                if (run.IsSpent)
                    return false;
                await EraseAsync(run, entity);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return true;
    }

    private async Task<bool> CitesErasedAsync(ErasureRun run, string sessionId, Observation observation)
    {
        var cited = observation.Sources.Where(source => source.SessionId == sessionId).Select(static source => source.TurnId)
            .ToHashSet(StringComparer.Ordinal);
        var found = await sessions.FindTurnsAsync(new SessionKey(run.Tenant, sessionId), cited, run.Cancel);
        cited.ExceptWith(found.Select(static turn => turn.Id));
        return found.Any(static turn => turn.IsErased) || cited.Any(run.MayHaveErased);
    }

    private async Task EraseAsync(ErasureRun run, Observation observation)
    {
        await run.NoteAsync([ErasureItems.Of(observation)]);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var status = await graph.CommitGraphAsync(
                new GraphCommit(run.Tenant, [new ObservationErased(observation.EntityId, observation.Id)]));
            if (status == CommitStatus.Committed
                || (status == CommitStatus.Stale && await graph.FindObservationAsync(run.Tenant, observation.Id, run.Cancel) is null))
                return;
            if (status != CommitStatus.Stale)
                break;
        }

        throw new StoreUnavailableException("An observation could not be erased.");
    }

    private async Task EraseAsync(ErasureRun run, Entity listed)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await graph.FindEntityAsync(run.Tenant, listed.Id, run.Cancel) is not { } entity)
                return;
            await run.NoteAsync([ErasureItems.Of(entity)]);
            var (status, receipt) = await graph.DeleteEntityAsync(run.Tenant, entity.Id, entity.Version, run.Now);
            if (status == CommitStatus.Committed)
            {
                await run.NoteAsync(new ErasureCounts(Observations: receipt!.Observations, Relations: receipt.Relations));
                return;
            }

            if (status != CommitStatus.Stale)
                break;
        }

        throw new StoreUnavailableException("An entity could not be erased.");
    }
}
