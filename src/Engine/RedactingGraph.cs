using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Redaction;

namespace MemoryOrleans.Engine;

/// <summary>Redacts what callers say of entities, before anything else is done with it.</summary>
internal sealed class RedactingGraph(IGraphOperations inner, IRedaction redaction) : IGraphOperations
{
    public Task<Outcome<EntityUpsert>> UpsertEntityAsync(string tenant, EntityDraft draft, CancellationToken cancel) =>
        RedactAsync(tenant, redactor => RedactGraph.Of(draft, redactor), redacted => inner.UpsertEntityAsync(tenant, redacted, cancel),
        cancel);

    public Task<Outcome<Entity>> EditEntityAsync(string tenant, string id, EntityEdit edit, long? ifMatch, CancellationToken cancel) =>
        RedactAsync(tenant, redactor => RedactGraph.Of(edit, redactor),
        redacted => inner.EditEntityAsync(tenant, id, redacted, ifMatch, cancel), cancel);

    public Task<Outcome<IReadOnlyList<ObservationUpsert>>> AddObservationsAsync(
        string tenant, IReadOnlyList<ObservationDraft> drafts, CancellationToken cancel) =>
        RedactAsync(tenant, redactor => RedactGraph.Of(drafts, redactor), redacted => inner.AddObservationsAsync(tenant, redacted, cancel),
        cancel);

    public Task<Outcome<RelationUpsert>> AddRelationAsync(string tenant, RelationDraft draft, CancellationToken cancel) => RedactAsync(
        tenant, redactor => RedactGraph.Of(draft.Metadata, redactor),
        redacted => inner.AddRelationAsync(tenant, draft with { Metadata = redacted }, cancel), cancel);

    public Task<Outcome<Relation>> EditRelationAsync(
        string tenant, string id, RelationEdit edit, long? ifMatch, CancellationToken cancel) => RedactAsync(
        tenant, redactor => RedactGraph.Of(edit.Metadata, redactor),
        redacted => inner.EditRelationAsync(tenant, id, edit with { Metadata = redacted }, ifMatch, cancel), cancel);

    public Task<Outcome<GraphReceipt>> DeleteEntityAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        inner.DeleteEntityAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<EntityView>> GetEntityAsync(string tenant, string id, AsOf? asOf, CancellationToken cancel) =>
        inner.GetEntityAsync(tenant, id, asOf, cancel);

    public Task<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        inner.ListEntitiesAsync(tenant, filter, cursor, limit, cancel);

    public Task<Outcome<Observation>> DeleteObservationAsync(string tenant, string id, CancellationToken cancel) =>
        inner.DeleteObservationAsync(tenant, id, cancel);

    public Task<Outcome<Relation>> DeleteRelationAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        inner.DeleteRelationAsync(tenant, id, ifMatch, cancel);

    public Task<Outcome<GraphPath>> FindPathAsync(
        string tenant, string fromId, string toId, int hopsMax, AsOf? asOf, CancellationToken cancel) =>
        inner.FindPathAsync(tenant, fromId, toId, hopsMax, asOf, cancel);

    public Task<Outcome<GraphOverview>> GetOverviewAsync(string tenant, CancellationToken cancel) => inner.GetOverviewAsync(tenant, cancel);

    private async Task<Outcome<TAnswer>> RedactAsync<T, TAnswer>(
        string tenant, Func<Redactor, Outcome<T>> redact, Func<T, Task<Outcome<TAnswer>>> call, CancellationToken cancel)
    {
        var redactor = new Redactor(await redaction.PacksOfAsync(tenant, cancel));
        var redacted = redact(redactor);
        if (!redacted.IsSuccess)
            return redacted.Error;
        var done = await call(redacted.Value);
        if (done.IsSuccess)
            redaction.Note(redactor.Counts);
        return done;
    }
}
