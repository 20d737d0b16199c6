using MemoryOrleans.Engine;
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
public sealed class RecallGrain(MemoryEngine engine) : Grain, IRecallGrain
{
    private static readonly MemoryError WrongTenant = new(ErrorCode.InvalidInput, "The question is of another tenant.", "tenant");

    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => engine.Recall.RecallAsync(query, cancel), cancel);

    public Task<Outcome<EntitySearchResult>> SearchEntitiesAsync(EntityQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => engine.Graph.SearchEntitiesAsync(query, cancel), cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey session, string? query, int maxTokens, CancellationToken cancel) => IsOf(session.Tenant)
        ? GrainFactory.GetGrain<ISessionGrain>(GrainKeys.Of(session)).BuildContextAsync(query, maxTokens, cancel)
        : Task.FromResult<Outcome<ContextBlock>>(WrongTenant);

    private Task<Outcome<T>> RunAsync<T>(string askedOf, Func<Task<Outcome<T>>> ask, CancellationToken cancel) => IsOf(askedOf)
        ? Task.Run(ask, cancel)
        : Task.FromResult<Outcome<T>>(WrongTenant);

    private bool IsOf(string tenant) => GrainKeys.IsOfTenant(this.GetGrainId().Key.AsSpan(), tenant);
}
