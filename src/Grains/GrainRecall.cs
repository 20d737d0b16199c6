using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Questions to the grain of their scope; contexts to the session's, which asks the same grain for what it recalls.</summary>
internal sealed class GrainRecall(IGrainFactory grains, GrainCalls calls) : IRecallOperations
{
    private readonly GrainReferences<IRecallGrain> scopes = new(grains);

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel)
    {
        CallContext.Tenant = query.Tenant;
        var grain = scopes.Of(GrainKeys.OfScope(query));
        return calls.RunAsync((_, each) => grain.RecallAsync(query, each), cancel);
    }

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey key, ContextRequest request, CancellationToken cancel)
    {
        var (query, maxTokens) = (request.Question, request.TokensMax);
        CallContext.Tenant = key.Tenant;
        var grain = grains.GetGrain<ISessionGrain>(GrainKeys.Of(key));
        if (request.Narrowed is { } narrowed && query is not null)
            return calls.RunAsync((_, each) => grain.BuildNarrowedContextAsync(narrowed with { Query = query }, maxTokens, each), cancel);
        var before = scopes.Of(GrainKeys.OfScope(key.Tenant, key.Id));
        return calls.RunAsync(
            (_, each) => grain.BuildContextAsync(query, maxTokens, each), cancel, each =>
            before.BuildContextAsync(key, query, maxTokens, each));
    }
}
