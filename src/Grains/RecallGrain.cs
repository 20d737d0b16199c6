using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Orleans.Concurrency;
using Orleans.Placement;

namespace MemoryOrleans.Grains;

/// <summary>
/// Sends a scope's questions to one silo, whose indexes stay warm for it. Ranking runs on the thread pool, not in the grain's
/// turn: questions of one scope do not wait for each other.
/// </summary>
[Reentrant]
[HashBasedPlacement]
[GrainType("recall")]
public sealed class RecallGrain(SiloMemory memory) : Grain, IRecallGrain
{
    private string tenant = string.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        tenant = GrainKeys.TenantOf(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => memory.Host.Recall.RecallAsync(query, cancel), cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey session, string? query, int maxTokens, CancellationToken cancel) =>
        RunAsync(session.Tenant, () => memory.Host.Recall.BuildContextAsync(session, query, maxTokens, cancel), cancel);

    public Task<Outcome<EntitySearchResult>> SearchEntitiesAsync(EntityQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => memory.Host.Graph.SearchEntitiesAsync(query, cancel), cancel);

    private Task<Outcome<T>> RunAsync<T>(string askedOf, Func<Task<Outcome<T>>> ask, CancellationToken cancel) => askedOf == tenant
        ? Task.Run(ask, cancel)
        : Task.FromResult<Outcome<T>>(new MemoryError(ErrorCode.InvalidInput, "The question is of another tenant.", "tenant"));
}
