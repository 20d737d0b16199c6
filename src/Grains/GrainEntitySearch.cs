using MemoryOrleans.Graph;

namespace MemoryOrleans.Grains;

/// <summary>Entities are searched where their index is warm: by the recall grain of their scope.</summary>
internal sealed class GrainEntitySearch(IGrainFactory grains, GrainCalls calls) : IEntitySearch
{
    public Task<Outcome<EntitySearchResult>> SearchAsync(EntityQuery query, CancellationToken cancel)
    {
        CallContext.Tenant = query.Tenant;
        var grain = grains.GetGrain<IRecallGrain>(GrainKeys.OfScope(query.Tenant, query.UserId));
        return calls.RunAsync((_, each) => grain.SearchEntitiesAsync(query, each), cancel);
    }
}
