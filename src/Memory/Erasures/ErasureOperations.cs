using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Erasures;

/// <summary>
/// Erases a memory, a turn, a session or all that is a user's, with whatever was derived from it, and keeps a receipt. An erasure is
/// recorded before it begins and consists of steps, each whole in itself: one that was interrupted is found as due work and
/// simply done again.
/// </summary>
/// <param name="ids">Mints ids of erasures; unique within a tenant.</param>
/// <param name="forget">
/// Has every process drop what it keeps of the tenant in memory beside the stores; throws StoreUnavailableException when one did
/// not answer, and the erasure is ended later.
/// </param>
public sealed class ErasureOperations(
    ISessionStore sessions, IMemoryStore memories, IGraphStore graph, IErasureStore erasures, IAuditStore audit, IDueStore due,
    ISessionWriters writers,
    RedactSources redact, EraseTenants eraseTenants, TimeProvider clock, Func<string> ids, Func<string, CancellationToken, Task> forget)
    : IErasureOperations
{
    // The request that began an erasure has this long to finish it. After that the erasure counts as interrupted and becomes due work.
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(30);

    private readonly EraseMemories eraseMemories = new(sessions, memories, erasures, redact);
    private readonly EraseGraph eraseGraph = new(sessions, graph);
    private readonly FindErasableTurn findTurn = new(sessions);

    public async Task<Outcome<Erasure>> EraseAsync(
        string tenant, ErasureTarget target, long? ifMatchVersion, string requester, TimeSpan patience, CancellationToken cancel)
    {
        var now = Now();
        if (await findTurn.NamedAsync(tenant, target, cancel) is { } turn)
            target = turn;
        var found = target.Kind switch
        {
            ErasureKind.Memory => await FindMemoryAsync(tenant, target.Id, ifMatchVersion, cancel),
            ErasureKind.Turn => await findTurn.LivingAsync(tenant, target, ifMatchVersion, cancel),
            ErasureKind.Session => await FindSessionAsync(tenant, target.Id, ifMatchVersion, cancel),
            _ => await FindUserAsync(tenant, target.Id, cancel),
        };
        if (!found.IsSuccess)
            return found.Error;
        // The clock of the process that wrote the session may be ahead of ours. What it has acknowledged must be erased too.
        var erasure = new Erasure(ids(), target, requester, now, found.Value > now ? found.Value : now);
        try
        {
            await erasures.BeginErasureAsync(tenant, erasure, new AuditEntry(now, requester, "erasure.requested", target.ToString()),
                now + Head, cancel);
            var ended = await RunAsync(tenant, erasure, patience, cancel);
            if (!ended.IsDone)
                await due.WakeAsync(tenant, DueKinds.Erasure, erasure.Id, Now(), cancel);
            return ended;
        }
        catch (StoreUnavailableException)
        {
            return new MemoryError(
                ErrorCode.StoreUnavailable, "The store cannot write at the moment; an erasure that has begun is ended later.",
                RetryAfter: TimeSpan.FromSeconds(2));
        }
    }

    public async Task<Outcome<Erasure>> GetAsync(string tenant, string id, CancellationToken cancel) =>
        await erasures.FindErasureAsync(tenant, id, cancel) is { } erasure
        ? erasure : new MemoryError(ErrorCode.NotFound, "There is no such erasure.");

    public async Task<Outcome<Page<Erasure>>> ListAsync(string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await erasures.ListErasuresAsync(tenant, cursor, limit, cancel);

    public async Task<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await audit.ListAuditAsync(tenant, cursor, limit, cancel);

    public Task<Outcome<TenantErasure>> EraseTenantAsync(
        string tenant, string requester, string requesterTenant, TimeSpan patience, CancellationToken cancel) =>
        eraseTenants.EraseAsync(tenant, requester, requesterTenant, patience, cancel);

    public Task<Outcome<TenantErasure>> GetTenantErasureAsync(string tenant, CancellationToken cancel) =>
        eraseTenants.GetAsync(tenant, cancel);

    /// <summary>Does what is left of a running erasure, for as long as patience lasts; the receipt, or the erasure still running.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write; what was erased before stays so.</exception>
    internal async Task<Erasure> RunAsync(string tenant, Erasure erasure, TimeSpan patience, CancellationToken cancel)
    {
        var run = new ErasureRun(tenant, erasure, erasures, clock, patience, cancel);
        var isDone = await RunAsync(run);
        await forget(tenant, cancel);
        if (!isDone)
            return erasure;
        var done = await run.SumUpAsync();
        var entry = new AuditEntry(done.CompletedAt!.Value, erasure.Requester, "erasure.completed", erasure.Target.ToString());
        return await erasures.CompleteErasureAsync(tenant, done, entry, cancel)
            ? done
            : await erasures.FindErasureAsync(tenant, erasure.Id, cancel) ?? done;
    }

    internal ValueTask<Erasure?> FindAsync(string tenant, string id, CancellationToken cancel) =>
        erasures.FindErasureAsync(tenant, id, cancel);

    private async Task<bool> RunAsync(ErasureRun run)
    {
        var id = run.Erasure.Target.Id;
        var eraseSessions = new EraseSessions(sessions, writers, eraseMemories, eraseGraph);
        switch (run.Erasure.Target.Kind)
        {
            case ErasureKind.Memory:
                await eraseMemories.EraseAsync(run, id);
                return true;
            case ErasureKind.Turn:
                return await eraseSessions.EraseTurnAsync(run, id, run.Erasure.Target.TurnId!);
            case ErasureKind.Session:
                return await eraseSessions.EraseAsync(run, id);
            default:
                return await eraseSessions.EraseOwnedAsync(run, id)
                    && await eraseMemories.EraseOwnedAsync(run, new MemoryFilter(Status: null, UserId: id))
                    && await eraseGraph.EraseOwnedAsync(run, id);
        }
    }

    private async Task<Outcome<DateTimeOffset>> FindMemoryAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel)
    {
        var current = await memories.FindMemoryAsync(tenant, id, cancel);
        return MemoryErrors.Of(current, ifMatchVersion) is { } error ? error : current!.RecordedAt;
    }

    // Earlier releases deleted a session without what was derived from it. That is found by what still cites the session.
    private async Task<Outcome<DateTimeOffset>> FindSessionAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel)
    {
        var session = (await sessions.FindSessionAsync(new SessionKey(tenant, id), cancel)).Session;
        if (session is not null && ifMatchVersion is { } wanted && wanted != session.Version)
            return new MemoryError(ErrorCode.PreconditionFailed, $"The session's version is {session.Version}.", "If-Match");
        if (session is not null)
            return session.UpdatedAt;
        return ifMatchVersion is null
            && ((await memories.FindCitingAsync(tenant, id, null, 1, cancel)).Count > 0
                || (await graph.FindObservationsCitingAsync(tenant, id, null, 1, cancel)).Count > 0)
            ? DateTimeOffset.MinValue
            : new MemoryError(ErrorCode.NotFound, "There is no such session.");
    }

    private async Task<Outcome<DateTimeOffset>> FindUserAsync(string tenant, string userId, CancellationToken cancel)
    {
        const int PageSize = 100;
        DateTimeOffset? newest = null;
        string? cursor = null;
        do
        {
            var page = (await sessions.ListSessionsAsync(tenant, new SessionFilter(userId), cursor, PageSize, cancel)).Value;
            foreach (var session in page.Items)
                newest = newest > session.UpdatedAt ? newest : session.UpdatedAt;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        if (newest is { } last)
            return last;
        return await HasMemoriesAsync(tenant, userId, cancel)
            || (await graph.ListEntitiesAsync(tenant, new EntityFilter(UserId: userId), null, 1, cancel)).Value.Items.Count > 0
            ? DateTimeOffset.MinValue
            : new MemoryError(ErrorCode.NotFound, "There is no such user.");
    }

    private async Task<bool> HasMemoriesAsync(string tenant, string userId, CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var page = (await memories.ListMemoriesAsync(tenant, new MemoryFilter(Status: null, UserId: userId), cursor, 100, cancel))
                .Value;
            if (page.Items.Any(static memory => memory.Status != MemoryStatus.Erased))
                return true;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return false;
    }

    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));
}
