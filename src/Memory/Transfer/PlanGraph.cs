using MemoryOrleans.Graph;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Transfer;

/// <summary>
/// What is to be written of a file's graph: what the tenant does not have. What it has must be the same, or have gone on since.
/// Entities, observations and relations that were deleted here left no trace, and come back.
/// </summary>
internal sealed class PlanGraph(string tenant, IGraphStore graph, CheckSources sources)
{
    /// <param name="records">Entities and observations, or relations.</param>
    public async Task<Outcome<ImportPlan<GraphWrite>>> PlanAsync(IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var plan = new Draft(await ReadEntitiesAsync(records, cancel));
        foreach (var (line, record) in records)
        {
            var error = record switch
            {
                EntityRecord entity => await PlanAsync(plan, line, entity.Entity, cancel),
                ObservationRecord observation => await PlanAsync(plan, line, observation.Observation, cancel),
                RelationRecord relation => await PlanAsync(plan, line, relation.Relation, cancel),
                _ => throw new InvalidOperationException($"{record.GetType().Name} is no part of the graph."),
            };
            if (error is not null)
                return error;
        }

        var erased = await sources.FindErasedAsync(plan.Sourced, cancel);
        if (!erased.IsSuccess)
            return erased.Error;
        plan.Drop(erased.Value);
        return new ImportPlan<GraphWrite>(plan.Writes, plan.Added);
    }

    private async Task<Dictionary<string, Entity>> ReadEntitiesAsync(IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        var ids = records.SelectMany(static numbered => numbered.Record switch
        {
            EntityRecord entity => [entity.Entity.Id],
            RelationRecord relation => new[] { relation.Relation.FromId, relation.Relation.ToId },
            _ => [],
        }).ToHashSet(StringComparer.Ordinal);
        var found = ids.Count == 0 ? [] : await graph.FindEntitiesAsync(tenant, ids, cancel);
        return found.ToDictionary(static entity => entity.Id, StringComparer.Ordinal);
    }

    private async Task<MemoryError?> PlanAsync(Draft plan, long line, Entity entity, CancellationToken cancel)
    {
        if (plan.Entities.TryGetValue(entity.Id, out var stored))
        {
            var isSame = stored.Version == entity.Version
                ? stored == entity
                : stored.Version > entity.Version && stored.Scope == entity.Scope && stored.CreatedAt == entity.CreatedAt;
            return isSame ? null : ImportErrors.Different(line);
        }

        if (await graph.FindEntityByNameAsync(tenant, entity.Scope, entity.Name, cancel) is not null)
            return ImportErrors.Conflict(line, "name", "is another entity's of the tenant");
        plan.Entities.Add(entity.Id, entity);
        plan.Add(new EntityRecord(entity), new EntityWrite(0, entity));
        return null;
    }

    private async Task<MemoryError?> PlanAsync(Draft plan, long line, Observation observation, CancellationToken cancel)
    {
        if (await graph.FindObservationAsync(tenant, observation.Id, cancel) is { } stored)
        {
            var isSame = stored.EntityId == observation.EntityId && stored.Content == observation.Content
                && stored.RecordedAt == observation.RecordedAt
                && (observation.SupersededAt is null || stored.SupersededAt == observation.SupersededAt);
            return isSame ? null : ImportErrors.Different(line);
        }

        plan.Add(new ObservationRecord(observation), new ObservationAdded(observation with { SupersededAt = null, SupersededBy = null }));
        plan.Sourced.Add(new SourcedRecord(line, observation.Sources, observation.RecordedAt));
        if (observation.SupersededAt is not { } at)
            return null;
        if (observation.SupersededBy is not { } by)
            return ImportErrors.Invalid(line, "superseded_by", "is missing");
        plan.Writes.Add(new ObservationSuperseded(observation.EntityId, observation.Id, by, at));
        return null;
    }

    private async Task<MemoryError?> PlanAsync(Draft plan, long line, Relation relation, CancellationToken cancel)
    {
        if (!plan.Entities.ContainsKey(relation.FromId))
            return ImportErrors.Invalid(line, "from", "is an entity that does not exist");
        if (!plan.Entities.ContainsKey(relation.ToId))
            return ImportErrors.Invalid(line, "to", "is an entity that does not exist");
        var newest = plan.Relations.GetValueOrDefault(relation.Id) ?? await graph.FindRelationAsync(tenant, relation.Id, cancel);
        if (newest is not null && newest.Version >= relation.Version)
        {
            var isSame = newest.Version > relation.Version || relation.SupersededAt is null
                ? newest.FromId == relation.FromId && newest.ToId == relation.ToId && newest.Type == relation.Type
                : newest == relation;
            return isSame ? null : ImportErrors.Different(line);
        }

        if (relation.Version != (newest?.Version ?? 0) + 1)
            return ImportErrors.Different(line);
        plan.Relations[relation.Id] = relation;
        plan.Add(new RelationRecord(relation), new RelationAdded(relation with { SupersededAt = null, SupersededBy = null }));
        if (relation.SupersededAt is { } at)
            plan.Writes.Add(new RelationSuperseded(relation.Id, relation.Version, relation.SupersededBy, at));
        return null;
    }

    private sealed class Draft(Dictionary<string, Entity> entities)
    {
        public Dictionary<string, Entity> Entities => entities;

        public Dictionary<string, Relation> Relations { get; } = new(StringComparer.Ordinal);

        public List<GraphWrite> Writes { get; } = [];

        public List<SourcedRecord> Sourced { get; } = [];

        public TransferCounts Added { get; private set; } = new();

        public void Add(TransferRecord record, GraphWrite write)
        {
            Writes.Add(write);
            Added += record;
        }

        /// <summary>Leaves out observations that rest on turns erased here, as the erasure would have.</summary>
        public void Drop(HashSet<SourceTurn> erased)
        {
            var dropped = Writes.OfType<ObservationAdded>().Select(static write => write.Observation)
                .Where(observation => observation.Sources.Any(erased.Contains))
                .Select(static observation => observation.Id).ToHashSet(StringComparer.Ordinal);
            Writes.RemoveAll(write => write switch
            {
                ObservationAdded added => dropped.Contains(added.Observation.Id),
                ObservationSuperseded superseded => dropped.Contains(superseded.Id),
                _ => false,
            });
            Added += new TransferCounts(Observations: -dropped.Count);
        }
    }
}
