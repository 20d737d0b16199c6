using System.Text.Json;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Graph;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>The core's graph as records of the contract.</summary>
internal static class GraphMapping
{
    public static EntityResponse ToResponse(this Entity entity) => new(
        entity.Id, entity.Name, entity.Type, entity.Scope.UserId, entity.Scope.AgentId, entity.Version, entity.CreatedAt, entity.UpdatedAt,
        MetadataOf(entity.Metadata), entity.Aliases.Count == 0 ? null : entity.Aliases);

    public static ObservationResponse ToResponse(this Observation observation) => new(
        observation.Id, observation.EntityId, observation.Content,
        observation.Sources.Select(static source => new SourceResponse(source.SessionId, source.TurnId, source.Seq)).ToArray(),
        observation.Importance, observation.ValidFrom, observation.ValidTo, observation.RecordedAt, observation.SupersededAt,
        observation.SupersededBy);

    public static RelationResponse ToResponse(this Relation relation) => new(
        relation.Id, relation.Version, relation.FromId, relation.ToId, relation.Type, relation.ValidFrom, relation.ValidTo,
        relation.RecordedAt, relation.SupersededAt, relation.SupersededBy, MetadataOf(relation.Metadata));

    public static EntityPage ToResponse(this Page<Entity> page) => new(page.Items.Select(ToResponse).ToArray(), page.NextCursor);

    public static EntityViewResponse ToResponse(this EntityView view) => new(
        view.Entity.ToResponse(),
        view.Observations.Select(ToResponse).ToArray(),
        view.Relations.Select(relation => new EntityRelationResponse(
            relation.FromId == view.Entity.Id ? "out" : "in",
            view.Others.GetValueOrDefault(relation.OtherEnd(view.Entity.Id))?.ToResponse(),
            relation.ToResponse())).ToArray(),
        view.IsPartial);

    public static EntityReceiptResponse ToResponse(this GraphReceipt receipt) =>
        new(receipt.EntityId, receipt.Observations, receipt.Relations, receipt.DeletedAt);

    public static EntitySearchResponse ToResponse(this EntitySearchResult result, TimeSpan took) => new(
        result.Items.Select(ToResponse).ToArray(), result.Degraded.Count > 0, result.Degraded, result.Watermark, result.EvaluatedAt,
        Math.Round(took.TotalMilliseconds, 3));

    public static GraphPathResponse ToResponse(this GraphPath path) => new(
        path.Steps is not null,
        path.Steps?.Count,
        path.Steps is null ? [] : path.Steps.Select(static step => step.To).Prepend(path.From).Select(ToResponse).ToArray(),
        path.Steps is null ? [] : path.Steps.Select(static step => step.Relation.ToResponse()).ToArray(),
        path.Visited,
        path.IsExhaustive);

    public static GraphOverviewResponse ToResponse(this GraphOverview overview) => new(
        overview.Entities,
        overview.Observations,
        overview.Relations,
        overview.EntityTypes.Select(ToResponse).ToArray(),
        overview.RelationTypes.Select(ToResponse).ToArray(),
        overview.MostConnected.Select(static each => new ConnectedEntityResponse(each.Entity.ToResponse(), each.Relations)).ToArray());

    private static TypeCountResponse ToResponse(TypeCount type) => new(type.Type, type.Count);

    private static FoundEntityResponse ToResponse(FoundEntity found) => new(
        found.Entity.ToResponse(),
        found.Score,
        found.Relevance,
        found.Matches.Select(static match => new MatchedObservationResponse(match.Observation.ToResponse(), match.Relevance)).ToArray(),
        found.Explanation is { } parts ? RecallMapping.ToResponse(parts) : null);

    private static JsonElement? MetadataOf(string? metadata) => metadata is null ? null : JsonElement.Parse(metadata);
}
