using MemoryOrleans.Engine;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Sessions by grain, writes in a form that may be sent twice; the row alone, and lists, from the store.</summary>
internal sealed class GrainSessions(
    MemoryEngine engine, IGrainFactory grains, GrainCalls calls, TenantQuotas quotas, Func<string> turnIds) : ISessionOperations
{
    private readonly GrainReferences<ISessionGrain> sessions = new(grains);

    public async Task<Outcome<AppendResult>> AppendAsync(AppendCommand command, CancellationToken cancel)
    {
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

    public Task<Outcome<Session>> GetAsync(SessionKey key, CancellationToken cancel) => engine.Reads.GetAsync(key, cancel);

    public Task<Outcome<Page<Session>>> ListAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        engine.Reads.ListAsync(tenant, filter, cursor, limit, cancel);

    public async Task<Outcome<IReadOnlyList<Turn>>> ListTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel)
    {
        var grain = GrainOf(key);
        return await calls.RunAsync(
            async (_, each) =>
            {
                var turns = await grain.ListTurnsAsync(afterSeq, limit, each);
                return turns.IsSuccess ? turns.Value : turns.Error;
            },
            cancel, each => engine.Reads.ListTurnsAsync(key, afterSeq, limit, each));
    }

    public Task<Outcome<WorkingMemoryView>> GetWorkingMemoryAsync(SessionKey key, CancellationToken cancel)
    {
        var grain = GrainOf(key);
        return calls.RunAsync((_, each) => grain.GetWorkingMemoryAsync(each), cancel,
            each => engine.Reads.GetWorkingMemoryAsync(key, each));
    }

    public Task<Outcome<Session>> CloseAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel)
    {
        var grain = GrainOf(key);
        return calls.RunWriteAsync(
            async (before, each) =>
            {
                var closed = await grain.CloseAsync(ifMatchVersion, each);
                return before > 0 && closed.Error?.Code == ErrorCode.PreconditionFailed
                    && await FindClosedAsync(key, ifMatchVersion, each) is { } session
                    ? session
                    : closed;
            },
            cancel);
    }

    // A first attempt may have closed it, and its answer been lost; the version then is the one after.
    private async Task<Session?> FindClosedAsync(SessionKey key, long? ifMatchVersion, CancellationToken cancel)
    {
        var found = await engine.Reads.GetAsync(key, cancel);
        return found.IsSuccess && found.Value.Status == SessionStatus.Closed && found.Value.Version == ifMatchVersion + 1
            ? found.Value : null;
    }

    private AppendCommand Name(AppendCommand command) =>
        command with { Turns = [.. command.Turns.Select(draft => draft.Id is null ? draft with { Id = turnIds() } : draft)] };

    private ISessionGrain GrainOf(SessionKey key)
    {
        CallContext.Tenant = key.Tenant;
        return sessions.Of(GrainKeys.Of(key));
    }
}
