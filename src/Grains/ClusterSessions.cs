using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Session writes by grain, each in a form that may be sent twice; reads from the store.</summary>
internal sealed class ClusterSessions(ISessionOperations reads, IGrainFactory grains, ClusterCalls calls, TenantQuotas quotas, Func<string> turnIds) : ISessionOperations
{
    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel)
    {
        CallContext.Tenant = command.Session.Tenant;
        if (await quotas.RefuseAsync(command.Session.Tenant, command.Turns.Count, cancel) is { } refusal)
            return refusal;
        var isFresh = command.Idempotency is null && command.Turns.All(static draft => draft.Id is null);
        var named = command.Idempotency is null ? Name(command) : command;
        var grain = GrainOf(command.Session);
        var appended = await calls.RunWriteAsync(
            (before, each) => grain.AppendAsync(named with { HasFreshIds = isFresh && before == 0 }, each), cancel);
        // What a second attempt found was stored by the first: to the caller it is one append.
        return isFresh && appended is { IsSuccess: true, Value.Replayed: true } ? appended.Value with { Replayed = false } : appended;
    }

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => reads.GetAsync(key, cancel);

    public Task<Outcome<Page<Session>>> ListAsync(string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        reads.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        reads.ListTurnsAsync(key, afterSeq, limit, cancel);

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel) =>
        reads.GetWorkingMemoryAsync(key, cancel);

    public Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel)
    {
        CallContext.Tenant = key.Tenant;
        var grain = GrainOf(key);
        return calls.RunWriteAsync(
            async (before, each) =>
            {
                var closed = await grain.CloseAsync(ifMatchVersion, each);
                return before > 0 && closed.Error?.Code == ErrorCode.PreconditionFailed && await FindClosedAsync(key, ifMatchVersion, each) is { } session
                    ? session
                    : closed;
            },
            cancel);
    }

    // A first attempt may have closed it, and its answer been lost; the version then is the one after.
    private async Task<Session?> FindClosedAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel)
    {
        var found = await reads.GetAsync(key, cancel);
        return found.IsSuccess && found.Value.Status == SessionStatus.Closed && found.Value.Version == ifMatchVersion + 1 ? found.Value : null;
    }

    private AppendCommand Name(AppendCommand command) =>
        command with { Turns = [.. command.Turns.Select(draft => draft.Id is null ? draft with { Id = turnIds() } : draft)] };

    private ISessionGrain GrainOf(SessionKey key) => grains.GetGrain<ISessionGrain>(GrainKeys.Of(key));
}
