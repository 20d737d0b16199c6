using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Questions to the grain of their scope.</summary>
internal sealed class ClusterRecall(IGrainFactory grains, ClusterCalls calls) : IRecallOperations
{
    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        var grain = GrainOf(query.Tenant, query.UserId ?? query.SessionId);
        return calls.RunAsync((_, each) => grain.RecallAsync(query, each), cancel);
    }

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, string? query, int maxTokens, CancellationToken cancel)
    {
        var grain = GrainOf(key.Tenant, key.Id);
        return calls.RunAsync((_, each) => grain.BuildContextAsync(key, query, maxTokens, each), cancel);
    }

    private IRecallGrain GrainOf(string tenant, string? scope)
    {
        CallContext.Tenant = tenant;
        return grains.GetGrain<IRecallGrain>(GrainKeys.OfScope(tenant, scope));
    }
}
