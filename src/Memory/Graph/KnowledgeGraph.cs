using System.Text;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>
/// Changes and reads of a tenant's graph. Each change reads what is there, decides, and commits on the condition that it is
/// still so; one that another overtook is tried again.
/// </summary>
/// <param name="sessions">Where the turns that observations cite are looked up.</param>
/// <param name="ids">Mints ids, unique for ever.</param>
public sealed partial class KnowledgeGraph(
    IGraphStore store, ISessionStore sessions, TimeProvider clock, Func<string> ids) : IGraphOperations
{
    /// <summary>An entity's type when nobody says one.</summary>
    public const string TypeDefault = "thing";

    private const int AttemptsMax = 8;

    /// <summary>
    /// The entity of that name or alias in that scope, made when there is none; type, metadata and aliases given are merged into it.
    /// </summary>
    public Task<Outcome<EntityUpsert>> UpsertEntityAsync(string tenant, EntityDraft draft, CancellationToken cancel) => TryAsync(async () =>
    {
        var now = Now();
        if (await store.FindEntityByNameAsync(tenant, draft.Scope, draft.Name, cancel) is not { } held)
        {
            var made = new Entity(ids(), draft.Name, draft.Type ?? TypeDefault, draft.Scope, draft.Metadata, 1, now,
                now) { Aliases = EntityName.Others(draft.Name, draft.Aliases) };
            return await FindTakenAsync(tenant, made, cancel) is { } other
                ? new Attempt<EntityUpsert>(other)
                : await CommitAsync(tenant, new EntityUpsert(made, Created: true), new EntityWrite(0, made));
        }

        var merged = held with { Type = draft.Type ?? held.Type, Metadata = MergeMetadata.Merge(held.Metadata, draft.Metadata),
            Aliases = EntityName.Others(held.Name, [.. held.Aliases, .. draft.Aliases]) };
        if (merged == held)
            return new Attempt<EntityUpsert>(new EntityUpsert(held, Created: false));
        if (merged.Metadata is { } metadata && Encoding.UTF8.GetByteCount(metadata) > GraphLimits.MetadataBytesMax)
            return Failed<EntityUpsert>(ErrorCode.InvalidInput,
                $"Merged with what the entity has, it would take more than {GraphLimits.MetadataBytesMax} bytes.", "metadata");
        if (merged.Aliases.Count > TextRules.AliasesMax)
            return Failed<EntityUpsert>(ErrorCode.InvalidInput,
                $"With those that it has, the entity would have more than {TextRules.AliasesMax} aliases.", "aliases");
        var next = merged with { Version = held.Version + 1, UpdatedAt = now };
        return await FindTakenAsync(tenant, next, cancel) is { } taken
            ? new Attempt<EntityUpsert>(taken)
            : await CommitAsync(tenant, new EntityUpsert(next, Created: false), new EntityWrite(held.Version, next));
    });

    /// <summary>Changes an entity. A name that another entity of the scope has is a NameConflict.</summary>
    public Task<Outcome<Entity>> EditEntityAsync(string tenant, string id, EntityEdit edit, long? ifMatch, CancellationToken cancel) =>
        TryAsync(async () =>
    {
        var found = await FindAsync(tenant, id, ifMatch, cancel);
        if (!found.IsSuccess)
            return new Attempt<Entity>(found.Error);
        var held = found.Value;
        if (UnreadableText.Is(held.Name))
            return Failed<Entity>(ErrorCode.Conflict, "What is stored of the entity cannot be read, so it is not changed.", "id");
        var edited = held with
        {
            Name = edit.Name ?? held.Name, Type = edit.Type ?? held.Type, Metadata = Replace(held.Metadata, edit.Metadata),
            Aliases = EntityName.Others(edit.Name ?? held.Name, edit.Aliases ?? held.Aliases),
        };
        if (edited == held)
            return new Attempt<Entity>(held);
        if (await store.FindEntityByNameAsync(tenant, held.Scope, edited.Name, cancel) is { } named && named.Id != id)
            return Failed<Entity>(ErrorCode.NameConflict, "Another entity of the scope has this name.", "name");
        if (await FindTakenAsync(tenant, edited, cancel) is { } taken)
            return new Attempt<Entity>(taken);
        var next = edited with { Version = held.Version + 1, UpdatedAt = Now() };
        return await CommitAsync(tenant, next, new EntityWrite(held.Version, next));
    });

    /// <summary>Removes an entity with its observations and relations.</summary>
    public Task<Outcome<GraphReceipt>> DeleteEntityAsync(string tenant, string id, long? ifMatch, CancellationToken cancel) =>
        TryAsync(async () =>
    {
        var found = await FindAsync(tenant, id, ifMatch, cancel);
        if (!found.IsSuccess)
            return new Attempt<GraphReceipt>(found.Error);
        var (status, receipt) = await store.DeleteEntityAsync(tenant, id, found.Value.Version, Now());
        return Answer(status, receipt!);
    });

    /// <summary>An entity with its observations and relations as of a time.</summary>
    public async Task<Outcome<EntityView>> GetEntityAsync(string tenant, string id, AsOf? asOf, CancellationToken cancel)
    {
        if (await store.FindEntityAsync(tenant, id, cancel) is not { } entity)
            return NoSuchEntity();
        var moment = MomentOf(asOf);
        var observations = await store.ReadObservationsAsync(tenant, [id], moment, GraphLimits.PerEntityShown + 1, cancel);
        var relations = (await store.ReadRelationsAsync(tenant, [new NeighbourQuery(id)], moment, GraphLimits.PerEntityShown, cancel))[0];
        var others = await store.FindEntitiesAsync(
            tenant, relations.Relations.Select(relation => relation.OtherEnd(id)).ToHashSet(StringComparer.Ordinal), cancel);
        return new EntityView(
            entity,
            observations.Take(GraphLimits.PerEntityShown).ToArray(),
            relations.Relations,
            others.ToDictionary(static other => other.Id, StringComparer.Ordinal),
            observations.Count > GraphLimits.PerEntityShown || relations.NextAfter is not null);
    }

    public async Task<Outcome<Page<Entity>>> ListEntitiesAsync(
        string tenant, EntityFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        await store.ListEntitiesAsync(tenant, filter, cursor, limit, cancel);

    public async Task<Outcome<GraphOverview>> GetOverviewAsync(string tenant, CancellationToken cancel) =>
        await store.SummarizeGraphAsync(tenant, GraphLimits.MostConnected, GraphLimits.TypesShown, cancel);

    /// <summary>The shortest path between two entities; see <see cref="FindPath"/>.</summary>
    /// <param name="hopsMax">1..<see cref="GraphLimits.HopsMax"/>.</param>
    public async Task<Outcome<GraphPath>> FindPathAsync(
        string tenant, string fromId, string toId, int hopsMax, AsOf? asOf, CancellationToken cancel)
    {
        if (await store.FindEntityAsync(tenant, fromId, cancel) is not { } from)
            return new MemoryError(ErrorCode.NotFound, "There is no such entity.", "from");
        if (await store.FindEntityAsync(tenant, toId, cancel) is not { } to)
            return new MemoryError(ErrorCode.NotFound, "There is no such entity.", "to");
        return await new FindPath(store, tenant, MomentOf(asOf), cancel).FindAsync(from, to, hopsMax);
    }

    private GraphMoment MomentOf(AsOf? asOf)
    {
        var now = Now();
        return new GraphMoment(asOf?.Valid ?? now, asOf?.Known ?? now);
    }

    // Whole microseconds, as stores keep them.
    private DateTimeOffset Now() => Timestamp.Read(Timestamp.Of(clock.GetUtcNow()));

    private async Task<Outcome<Entity>> FindAsync(string tenant, string id, long? ifMatch, CancellationToken cancel)
    {
        if (await store.FindEntityAsync(tenant, id, cancel) is not { } entity)
            return NoSuchEntity();
        return ifMatch is null || ifMatch == entity.Version ? entity : NotThisVersion(entity.Version);
    }

    // The name or alias of another entity of the scope is nobody else's alias.
    private async Task<MemoryError?> FindTakenAsync(string tenant, Entity entity, CancellationToken cancel)
    {
        foreach (var alias in entity.Aliases)
        {
            if (await store.FindEntityByNameAsync(tenant, entity.Scope, alias, cancel) is { } named && named.Id != entity.Id)
                return new MemoryError(ErrorCode.NameConflict, "Another entity of the scope has this name.", "aliases");
        }

        return null;
    }

    private static string? Replace(string? held, string? given) => given is null ? held : given.Length == 0 ? null : given;

    private static MemoryError NoSuchEntity() => new(ErrorCode.NotFound, "There is no such entity.");

    private static MemoryError Contended => new(ErrorCode.Overloaded, "Others keep changing the same part of the graph.");

    private static MemoryError NotThisVersion(long version) =>
        new(ErrorCode.PreconditionFailed, $"The version is {version}.");

    private static Attempt<T> Failed<T>(ErrorCode code, string detail, string? field = null) =>
        new(new MemoryError(code, detail, field));

    private async Task<Attempt<T>> CommitAsync<T>(string tenant, T answer, params IReadOnlyList<GraphWrite> writes) =>
        Answer(await store.CommitGraphAsync(new GraphCommit(tenant, writes)), answer);

    private static Attempt<T> Answer<T>(CommitStatus status, T answer) => status switch
    {
        CommitStatus.Committed => new Attempt<T>(answer),
        CommitStatus.Stale => default,
        _ => new Attempt<T>(CommitErrors.Of(status, Contended)),
    };

    private static async Task<Outcome<T>> TryAsync<T>(Func<Task<Attempt<T>>> attempt)
    {
        for (var attempts = 0; attempts < AttemptsMax; attempts++)
        {
            if ((await attempt()).Result is { } outcome)
                return outcome;
        }

        return Contended;
    }

    /// <summary>How a try ended; without a result it was overtaken.</summary>
    private readonly record struct Attempt<T>(Outcome<T>? Result);
}
