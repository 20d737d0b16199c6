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
    public Task<Outcome<RecallResult>> RecallAsync(RecallQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => engine.RecallAsync(query, cancel), cancel);

    public Task<Outcome<EntitySearchResult>> SearchEntitiesAsync(EntityQuery query, CancellationToken cancel) =>
        RunAsync(query.Tenant, () => engine.Entities.SearchAsync(query, cancel), cancel);

    public Task<Outcome<ContextBlock>> BuildContextAsync(SessionKey session, string? query, int maxTokens, CancellationToken cancel) =>
        RunAsync(session.Tenant, () => ReadContextAsync(session, query, maxTokens, cancel), cancel);

    // Out of the store: the session's grain may be in a silo of the release before, which does not know the call for it.
    private async Task<Outcome<ContextBlock>> ReadContextAsync(SessionKey session, string? query, int maxTokens, CancellationToken cancel)
    {
        using var reader = engine.NewActor(session);
        return await engine.BuildContextAsync(session, reader, new ContextRequest(query, maxTokens),
            each => engine.RecallAsync(each, cancel), cancel);
    }

    private Task<Outcome<T>> RunAsync<T>(string askedOf, Func<Task<Outcome<T>>> ask, CancellationToken cancel) =>
        GrainKeys.IsOfTenant(this.GetGrainId().Key.AsSpan(), askedOf)
        ? Task.Run(ask, cancel)
        : Task.FromResult<Outcome<T>>(new MemoryError(ErrorCode.InvalidInput, "The question is of another tenant.", "tenant"));
}
