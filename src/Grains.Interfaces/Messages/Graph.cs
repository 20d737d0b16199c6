using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains.Messages;

/// <summary><see cref="Entity"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Entity")]
public readonly record struct EntityMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Type,
    [property: Id(3)] string? UserId,
    [property: Id(4)] string? AgentId,
    [property: Id(5)] string? Metadata,
    [property: Id(6)] long Version,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset UpdatedAt,
    [property: Id(9)] string[]? Aliases);

[RegisterConverter]
public sealed class EntityConverter : IConverter<Entity, EntityMessage>
{
    public Entity ConvertFromSurrogate(in EntityMessage surrogate) => new(
        surrogate.Id, surrogate.Name, surrogate.Type, new GraphScope(surrogate.UserId, surrogate.AgentId), surrogate.Metadata,
        surrogate.Version, surrogate.CreatedAt, surrogate.UpdatedAt)
    {
        Aliases = surrogate.Aliases ?? [],
    };

    public EntityMessage ConvertToSurrogate(in Entity value) => new(
        value.Id, value.Name, value.Type, value.Scope.UserId, value.Scope.AgentId, value.Metadata, value.Version, value.CreatedAt,
        value.UpdatedAt,
        [.. value.Aliases]);
}

/// <summary><see cref="Observation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.Observation")]
public readonly record struct ObservationMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string EntityId,
    [property: Id(2)] string Content,
    [property: Id(3)] SourceTurn[] Sources,
    [property: Id(4)] double? Importance,
    [property: Id(5)] DateTimeOffset ValidFrom,
    [property: Id(6)] DateTimeOffset? ValidTo,
    [property: Id(7)] DateTimeOffset RecordedAt,
    [property: Id(8)] DateTimeOffset? SupersededAt,
    [property: Id(9)] string? SupersededBy);

[RegisterConverter]
public sealed class ObservationConverter : IConverter<Observation, ObservationMessage>
{
    public Observation ConvertFromSurrogate(in ObservationMessage surrogate) => new(
        surrogate.Id, surrogate.EntityId, surrogate.Content, surrogate.Sources, surrogate.Importance, surrogate.ValidFrom,
        surrogate.ValidTo,
        surrogate.RecordedAt, surrogate.SupersededAt, surrogate.SupersededBy);

    public ObservationMessage ConvertToSurrogate(in Observation value) => new(
        value.Id, value.EntityId, value.Content, [.. value.Sources], value.Importance, value.ValidFrom, value.ValidTo,
        value.RecordedAt, value.SupersededAt, value.SupersededBy);
}

/// <summary><see cref="MatchedObservation"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.MatchedObservation")]
public readonly record struct MatchedObservationMessage([property: Id(0)] Observation Observation, [property: Id(1)] double Relevance);

[RegisterConverter]
public sealed class MatchedObservationConverter : IConverter<MatchedObservation, MatchedObservationMessage>
{
    public MatchedObservation ConvertFromSurrogate(in MatchedObservationMessage surrogate) =>
        new(surrogate.Observation, surrogate.Relevance);

    public MatchedObservationMessage ConvertToSurrogate(in MatchedObservation value) => new(value.Observation, value.Relevance);
}

/// <summary><see cref="FoundEntity"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.FoundEntity")]
public readonly record struct FoundEntityMessage(
    [property: Id(0)] Entity Entity,
    [property: Id(1)] double Score,
    [property: Id(2)] double Relevance,
    [property: Id(3)] MatchedObservation[] Matches,
    [property: Id(4)] ScoreExplanation? Explanation);

[RegisterConverter]
public sealed class FoundEntityConverter : IConverter<FoundEntity, FoundEntityMessage>
{
    public FoundEntity ConvertFromSurrogate(in FoundEntityMessage surrogate) =>
        new(surrogate.Entity, surrogate.Score, surrogate.Relevance, surrogate.Matches, surrogate.Explanation);

    public FoundEntityMessage ConvertToSurrogate(in FoundEntity value) =>
        new(value.Entity, value.Score, value.Relevance, [.. value.Matches], value.Explanation);
}

/// <summary><see cref="EntitySearchResult"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.EntitySearchResult")]
public readonly record struct EntitySearchResultMessage(
    [property: Id(0)] FoundEntity[] Items,
    [property: Id(1)] string Watermark,
    [property: Id(2)] DateTimeOffset EvaluatedAt,
    [property: Id(3)] string[]? Degraded);

[RegisterConverter]
public sealed class EntitySearchResultConverter : IConverter<EntitySearchResult, EntitySearchResultMessage>
{
    public EntitySearchResult ConvertFromSurrogate(in EntitySearchResultMessage surrogate) =>
        new(surrogate.Items, surrogate.Degraded ?? [], surrogate.Watermark, surrogate.EvaluatedAt);

    public EntitySearchResultMessage ConvertToSurrogate(in EntitySearchResult value) => 
        new([.. value.Items], value.Watermark, value.EvaluatedAt, [.. value.Degraded]);
}

/// <summary><see cref="EntityQuery"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("memory.EntityQuery")]
public readonly record struct EntityQueryMessage(
    [property: Id(0)] string Tenant,
    [property: Id(1)] string Query,
    [property: Id(2)] int Limit,
    [property: Id(3)] string? Type,
    [property: Id(4)] string? UserId,
    [property: Id(5)] string? AgentId,
    [property: Id(6)] double? MinScore,
    [property: Id(7)] bool Explain);

[RegisterConverter]
public sealed class EntityQueryConverter : IConverter<EntityQuery, EntityQueryMessage>
{
    public EntityQuery ConvertFromSurrogate(in EntityQueryMessage surrogate) => new(
        surrogate.Tenant, surrogate.Query, surrogate.Limit, surrogate.Type, surrogate.UserId, surrogate.AgentId, surrogate.MinScore,
        surrogate.Explain);

    public EntityQueryMessage ConvertToSurrogate(in EntityQuery value) => new(
        value.Tenant, value.Query, value.Limit, value.Type, value.UserId, value.AgentId, value.MinScore, value.Explain);
}
