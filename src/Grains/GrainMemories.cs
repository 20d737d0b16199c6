using MemoryOrleans.Episodes;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>
/// Distillation by the session's grain and citations by the tenant's; the rest is versioned in the store, wherever it is done.
/// </summary>
internal sealed class GrainMemories(IMemoryOperations local, IGrainFactory grains, GrainCalls calls) : IMemoryOperations
{
    public Task<Outcome<DistillationReport>> DistilAsync(SessionKey key, CancellationToken cancel)
    {
        CallContext.Tenant = key.Tenant;
        var grain = grains.GetGrain<ISessionGrain>(GrainKeys.Of(key));
        return calls.RunAsync((_, each) => grain.DistilAsync(each), cancel);
    }

    // A citation whose answer was lost may count twice: it is a hint.
    public Task<Outcome<Salience>> CiteAsync(string tenant, string id, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        return calls.RunAsync((_, each) => grain.CiteAsync(id, each), cancel);
    }

    public Task<Outcome<DistillationProgress>> GetProgressAsync(SessionKey key, CancellationToken cancel) =>
        local.GetProgressAsync(key, cancel);

    public Task<Outcome<MemoryRecord>> WriteAsync(
        string tenant, MemoryDraft draft, IReadOnlyList<TurnReference> sources, CancellationToken cancel) =>
        local.WriteAsync(tenant, draft, sources, cancel);

    public Task<Outcome<Page<MemoryRecord>>> ListAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        local.ListAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<MemoryRecord>> GetAsync(string tenant, string id, CancellationToken cancel) => local.GetAsync(tenant, id, cancel);

    public Task<Outcome<IReadOnlyList<MemoryRecord>>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        local.ReadHistoryAsync(tenant, id, cancel);

    public Task<Outcome<MemoryRecord>> EditAsync(
        string tenant, string id, MemoryPatch patch, long? ifMatchVersion, CancellationToken cancel) =>
        local.EditAsync(tenant, id, patch, ifMatchVersion, cancel);

    public Task<Outcome<UndoneOperation>> UndoAsync(string tenant, string id, long? ifMatchVersion, CancellationToken cancel) =>
        local.UndoAsync(tenant, id, ifMatchVersion, cancel);
}
