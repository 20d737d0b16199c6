using MemoryOrleans.Embeddings;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>What administrators do with vector spaces; the same under every host.</summary>
/// <param name="tending">Null without a neural embedder.</param>
/// <param name="opened">Told when there is something to fill.</param>
public sealed class EmbeddingOperations(
    IVectorStore vectors, IDueStore due, ITenantStore tenants, SpaceTender? tending, Action opened) : IEmbeddingOperations
{
    public async Task<IReadOnlyList<SpaceProgress>> ListAsync(string tenant, CancellationToken cancel)
    {
        var backlog = await due.CountAsync(tenant, cancel);
        var turns = (await tenants.SummarizeAsync(tenant, cancel)).Turns;
        var listed = new List<SpaceProgress>();
        foreach (var space in await vectors.ListSpacesAsync(cancel))
            listed.Add(await MeasureAsync(space, tenant, turns, backlog, cancel));
        return listed;
    }

    public async Task<Outcome<SpaceProgress>> StartAsync(string tenant, string model, int? dimensions, CancellationToken cancel)
    {
        if (tending is null)
            return new MemoryError(ErrorCode.Conflict, "There is no neural embedder; MEMORY_EMBEDDING_PROVIDER chooses one.");
        var living = (await vectors.ListSpacesAsync(cancel)).Where(static space => space.State != VectorSpaceState.Retired).ToArray();
        if (Array.FindLast(living, space => space.Model == model && (dimensions is null || space.Dimensions == dimensions)) is { } there)
            return await MeasureAsync(there, tenant, cancel);
        if (Array.Find(living, static space => space.State == VectorSpaceState.Filling) is { } other)
            return new MemoryError(ErrorCode.Conflict, $"The space {other.Id} of {other.Model} is still being filled.");
        try
        {
            var space = await tending.OpenAsync(model, dimensions, cancel);
            opened();
            return await MeasureAsync(space, tenant, cancel);
        }
        catch (EmbedderException failure) when (failure.IsPassing)
        {
            return new MemoryError(ErrorCode.EmbedderUnavailable, failure.Message, RetryAfter: failure.RetryAfter);
        }
        catch (EmbedderException failure)
        {
            return new MemoryError(ErrorCode.InvalidInput, failure.Message, "model");
        }
    }

    public async Task<Outcome<SpaceProgress>> ActivateAsync(string tenant, int spaceId, CancellationToken cancel)
    {
        var space = await FindAsync(spaceId, cancel);
        if (space?.State == VectorSpaceState.Retired)
            return new MemoryError(ErrorCode.Conflict, "A retired space has no vectors of newer turns; start its model again instead.");
        if (space is null || (space.State == VectorSpaceState.Filling && !await vectors.ActivateAsync(spaceId, cancel)))
            return NoSuchSpace;
        opened();
        return await MeasureAsync(space with { State = VectorSpaceState.Active }, tenant, cancel);
    }

    public async Task<Outcome<VectorSpace>> DropAsync(int spaceId, CancellationToken cancel)
    {
        if (await FindAsync(spaceId, cancel) is not { } space)
            return NoSuchSpace;
        return await vectors.DropSpaceAsync(spaceId, cancel)
            ? space
            : new MemoryError(ErrorCode.Conflict, "Only a retired space can be removed.");
    }

    private static MemoryError NoSuchSpace => new(ErrorCode.NotFound, "There is no such space.");

    private async ValueTask<VectorSpace?> FindAsync(int spaceId, CancellationToken cancel) =>
        (await vectors.ListSpacesAsync(cancel)).FirstOrDefault(space => space.Id == spaceId);

    private async Task<SpaceProgress> MeasureAsync(VectorSpace space, string tenant, CancellationToken cancel) => await MeasureAsync(
        space, tenant, (await tenants.SummarizeAsync(tenant, cancel)).Turns, await due.CountAsync(tenant, cancel), cancel);

    private async Task<SpaceProgress> MeasureAsync(
        VectorSpace space, string tenant, long turns, IReadOnlyList<DueBacklog> backlog, CancellationToken cancel)
    {
        var kinds = DueKinds.OfSpace(space.Id);
        var own = backlog.Where(each => kinds.Contains(each.Kind, StringComparer.Ordinal)).ToArray();
        return new SpaceProgress(
            space, await vectors.CountTurnsAsync(space, tenant, cancel), turns,
            own.Sum(static each => each.Ready), own.Sum(static each => each.Dead), own.Min(static each => each.OldestDueAt))
        {
            Memories = await vectors.CountMemoriesAsync(space, tenant, cancel),
            Entities = await vectors.CountEntitiesAsync(space, tenant, cancel),
        };
    }
}
