using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Questions to the grain of their scope.</summary>
internal sealed class ClusterRecall(ISessionOperations sessions, IGrainFactory grains, ClusterCalls calls) : IRecallOperations
{
    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        var grain = GrainOf(query.Tenant, query.UserId ?? query.SessionId);
        return calls.RunAsync((_, each) => grain.RecallAsync(query, each), cancel);
    }

    public async Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel)
    {
        // A context with a question reads its user's index: a look at the session costs less than a second copy of that.
        var session = await sessions.GetAsync(key, cancel);
        if (!session.IsSuccess)
            return session.Error;
        var grain = GrainOf(key.Tenant, session.Value.UserId ?? key.Id);
        return await calls.RunAsync((_, each) => grain.BuildContextAsync(key, query, maxTokens, each), cancel);
    }

    private IRecallGrain GrainOf(string tenant, string? scope)
    {
        CallContext.Tenant = tenant;
        return grains.GetGrain<IRecallGrain>(GrainKeys.OfScope(tenant, scope));
    }
}
