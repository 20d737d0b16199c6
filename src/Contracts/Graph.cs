using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>Body of <c>POST /v1/entities</c>: the entity of that name in that scope, made when there is none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EntityRequest
{
    /// <summary>1 to 256 characters; unique in its scope whatever the case, width and accents.</summary>
    [Required]
    [StringLength(256, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Like <c>person</c> or <c>project</c>: 1 to 64 letters, digits, '.', '_' or '-'; <c>thing</c> when nobody says.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Type { get; init; }

    /// <summary>The scope: this user's entity; absent: no user's.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>The scope: this agent's entity; absent: no agent's.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>
    /// Other names, 1 to 256 characters each, at most 16; unique in the scope as names are, and added to those of an existing entity.
    /// </summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>A JSON object of at most 16 KiB; its members are merged into those of an existing entity.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>Body of <c>PATCH /v1/entities/{id}</c>; what is absent stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EntityPatch
{
    /// <summary>A name no other entity of the scope has.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Like <c>person</c>: 1 to 64 letters, digits, '.', '_' or '-'.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Type { get; init; }

    /// <summary>Other names, which take the place of all it has; an empty list takes them away.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Takes the place of the whole; an empty object removes it.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>An entity.</summary>
/// <param name="Id">The entity's id.</param>
/// <param name="Name">Its name, as first given or last edited.</param>
/// <param name="Type">Like <c>person</c>; <c>thing</c> when nobody said.</param>
/// <param name="UserId">The user whose it is; null: no user's.</param>
/// <param name="AgentId">The agent whose it is; null: no agent's.</param>
/// <param name="Version">Counts changes of names, type and metadata; also the ETag.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Metadata">The metadata given; absent: none.</param>
/// <param name="Aliases">Other names; absent where there are none.</param>
public sealed record EntityResponse(
    string Id,
    string Name,
    string Type,
    string? UserId,
    string? AgentId,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Aliases = null);

/// <summary>One page of entities, most recently created first.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record EntityPage(IReadOnlyList<EntityResponse> Items, string? NextCursor);

/// <summary>An entity with what holds of it at the time asked for.</summary>
/// <param name="Entity">The entity itself, as it is now.</param>
/// <param name="Observations">Newest first, at most 200.</param>
/// <param name="Relations">Both ways, in the order recorded, at most 200.</param>
/// <param name="Partial">True when there are more than these.</param>
public sealed record EntityViewResponse(
    EntityResponse Entity, IReadOnlyList<ObservationResponse> Observations, IReadOnlyList<EntityRelationResponse> Relations, bool Partial);

/// <summary>What a deletion took with it.</summary>
/// <param name="EntityId">The entity deleted.</param>
/// <param name="Observations">Observations deleted with it.</param>
/// <param name="Relations">Relations deleted with it.</param>
/// <param name="DeletedAt">When.</param>
public sealed record EntityReceiptResponse(string EntityId, int Observations, int Relations, DateTimeOffset DeletedAt);

/// <summary>A turn that an observation cites.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SourceInput
{
    /// <summary>The turn's session.</summary>
    [Required]
    public string? SessionId { get; init; }

    /// <summary>The turn's own id, unique in its session.</summary>
    [Required]
    public string? TurnId { get; init; }
}

/// <summary>Something known of an entity.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record ObservationInput
{
    /// <summary>The entity it is about.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? EntityId { get; init; }

    /// <summary>1 to 100,000 characters. What a current observation of the entity says word for word is that one again.</summary>
    [StringLength(100_000, MinimumLength = 1)]
    public string? Content { get; init; }

    /// <summary>Turns it rests on; at most 16.</summary>
    [MaxLength(16)]
    public IReadOnlyList<SourceInput>? Sources { get; init; }

    /// <summary>0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double? Importance { get; init; }

    /// <summary>True in the world from here; default now.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>True in the world until just before; absent: still.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>A current observation of the same entity whose place it takes.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? Supersedes { get; init; }
}

/// <summary>Body of <c>POST /v1/observations</c>: one, or <c>observations</c> with 1 to 100, all or none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ObservationsRequest : ObservationInput
{
    /// <summary>Several; then the other members must be absent.</summary>
    [MinLength(1)]
    [MaxLength(100)]
    public IReadOnlyList<ObservationInput>? Observations { get; init; }
}

/// <summary>An observation, with both its times.</summary>
/// <param name="Id">The observation's id.</param>
/// <param name="EntityId">The entity it is about.</param>
/// <param name="Content">The text.</param>
/// <param name="Sources">The turns it rests on.</param>
/// <param name="Importance">How much it matters, set when written: 0 to 1; null: nobody said.</param>
/// <param name="ValidFrom">True in the world from here.</param>
/// <param name="ValidTo">True in the world until just before; null: still.</param>
/// <param name="RecordedAt">When the service came to know it.</param>
/// <param name="SupersededAt">When another took its place; null: it is current.</param>
/// <param name="SupersededBy">What took its place; null: nothing.</param>
public sealed record ObservationResponse(
    string Id,
    string EntityId,
    string Content,
    IReadOnlyList<SourceResponse> Sources,
    double? Importance,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    DateTimeOffset? SupersededAt,
    string? SupersededBy);

/// <summary>The observations asked for, in the order sent.</summary>
/// <param name="Items">The observations.</param>
/// <param name="Created">How many of them are new.</param>
public sealed record ObservationsResponse(IReadOnlyList<ObservationResponse> Items, int Created);

/// <summary>Body of <c>POST /v1/relations</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelationRequest
{
    /// <summary>The entity it starts at.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? FromId { get; init; }

    /// <summary>The entity it ends at.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? ToId { get; init; }

    /// <summary>Like <c>works_at</c>: 1 to 64 letters, digits, '.', '_' or '-'.</summary>
    [Required]
    [StringLength(64, MinimumLength = 1)]
    public string? Type { get; init; }

    /// <summary>True in the world from here; default now.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>True in the world until just before; absent: still.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>A current relation whose place it takes.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? Supersedes { get; init; }

    /// <summary>A JSON object of at most 16 KiB.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>Body of <c>PATCH /v1/relations/{id}</c>: ends it, or corrects it. What is absent stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelationPatch
{
    /// <summary>When it began, corrected.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>When it ended, or will.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Takes the place of the whole; an empty object removes it.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>A relation in one of its versions, with both its times.</summary>
/// <param name="Id">The relation's id, the same in all its versions.</param>
/// <param name="Version">Also the ETag.</param>
/// <param name="FromId">The entity it starts at.</param>
/// <param name="ToId">The entity it ends at.</param>
/// <param name="Type">Like <c>works_at</c>.</param>
/// <param name="ValidFrom">True in the world from here.</param>
/// <param name="ValidTo">True in the world until just before; null: still.</param>
/// <param name="RecordedAt">When the service came to know it.</param>
/// <param name="SupersededAt">When another took its place; null: it is current.</param>
/// <param name="SupersededBy">What took its place; null: nothing.</param>
/// <param name="Metadata">The metadata given; absent: none.</param>
public sealed record RelationResponse(
    string Id,
    long Version,
    string FromId,
    string ToId,
    string Type,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    DateTimeOffset? SupersededAt,
    string? SupersededBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null);

/// <summary>A relation seen from one of its entities.</summary>
/// <param name="Direction"><c>out</c> when the entity is where it starts, else <c>in</c>.</param>
/// <param name="Other">The entity at the other end.</param>
/// <param name="Relation">The relation itself.</param>
public sealed record EntityRelationResponse(
    [property: AllowedValues("out", "in")] string Direction, EntityResponse? Other, RelationResponse Relation);

/// <summary>Body of <c>POST /v1/entities/search</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EntitySearchRequest
{
    /// <summary>What to look for, in words: 1 to 4,000 characters.</summary>
    [Required]
    [StringLength(4_000, MinimumLength = 1)]
    public string? Query { get; init; }

    /// <summary>Most items to answer; default 10.</summary>
    [Range(1, 100)]
    public int? Limit { get; init; }

    /// <summary>Only entities of this type.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Type { get; init; }

    /// <summary>This user's entities and those of no user.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? UserId { get; init; }

    /// <summary>This agent's entities and those of no agent.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
    public string? AgentId { get; init; }

    /// <summary>Least absolute relevance of an item, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double? MinScore { get; init; }

    /// <summary>Also answer the parts that each score is the sum of.</summary>
    public bool? Explain { get; init; }
}

/// <summary>The answer to a search, best first.</summary>
/// <param name="Items">The entities found.</param>
/// <param name="Degraded">True when part of the ranking could not take part; <paramref name="DegradedArms"/> names it.</param>
/// <param name="DegradedArms">The parts of the ranking that could not take part.</param>
/// <param name="Watermark">What was visible to the call.</param>
/// <param name="EvaluatedAt">The time it was answered for.</param>
/// <param name="TookMs">How long the service took, in milliseconds.</param>
public sealed record EntitySearchResponse(
    IReadOnlyList<FoundEntityResponse> Items,
    bool Degraded,
    IReadOnlyList<string> DegradedArms,
    string Watermark,
    DateTimeOffset EvaluatedAt,
    double TookMs);

/// <summary>One entity found.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Score">Relative to the query; orders the items.</param>
/// <param name="Relevance">Absolute, 0 to 1; what <c>min_score</c> speaks of.</param>
/// <param name="Observations">Those that have to do with the query, best first, at most 5.</param>
/// <param name="Explanation">The parts of the score, when asked for.</param>
public sealed record FoundEntityResponse(
    EntityResponse Entity,
    double Score,
    double Relevance,
    IReadOnlyList<MatchedObservationResponse> Observations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ScoreExplanationResponse? Explanation = null);

/// <summary>An observation and how well it answers by itself, 0 to 1.</summary>
/// <param name="Observation">The observation.</param>
/// <param name="Relevance">Absolute, 0 to 1.</param>
public sealed record MatchedObservationResponse(ObservationResponse Observation, double Relevance);

/// <summary>A shortest path between two entities, or that there is none.</summary>
/// <param name="Found">Whether there is one.</param>
/// <param name="Hops">Steps; null when not found.</param>
/// <param name="Entities">From the first to the last; empty when not found.</param>
/// <param name="Relations">One for each step, which may be taken against its direction.</param>
/// <param name="Visited">How many entities the search went through.</param>
/// <param name="Exhaustive">False when the search gave up at a limit: there may be a path after all.</param>
public sealed record GraphPathResponse(
    bool Found, int? Hops, IReadOnlyList<EntityResponse> Entities, IReadOnlyList<RelationResponse> Relations, int Visited, bool Exhaustive);

/// <summary>How much the tenant's graph holds now.</summary>
/// <param name="Entities">How many entities there are.</param>
/// <param name="Observations">Those that nothing superseded; likewise relations.</param>
/// <param name="Relations">Relations that nothing superseded.</param>
/// <param name="EntityTypes">The most frequent 50; likewise of relations.</param>
/// <param name="RelationTypes">The most frequent 50 types of relations.</param>
/// <param name="MostConnected">The ten entities with the most relations without an end.</param>
public sealed record GraphOverviewResponse(
    long Entities,
    long Observations,
    long Relations,
    IReadOnlyList<TypeCountResponse> EntityTypes,
    IReadOnlyList<TypeCountResponse> RelationTypes,
    IReadOnlyList<ConnectedEntityResponse> MostConnected);

/// <summary>A type and how many are of it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Count">How many are of it.</param>
public sealed record TypeCountResponse(string Type, long Count);

/// <summary>An entity and how many relations without an end it has.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Relations">How many relations.</param>
public sealed record ConnectedEntityResponse(EntityResponse Entity, long Relations);
