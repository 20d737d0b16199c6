using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>Whose part of the tenant's graph an entity belongs to; both null: the whole tenant's.</summary>
public sealed record GraphScope(string? UserId = null, string? AgentId = null)
{
    public static readonly GraphScope Tenant = new();
}

/// <summary>
/// A person, place or thing the tenant's agents know of. Its name is unique within its scope (see <see cref="EntityName"/>).
/// </summary>
/// <param name="Id">Unique within the tenant, never used again.</param>
/// <param name="Metadata">Canonical JSON of an object, or null.</param>
/// <param name="Version">1, 2, …: counts changes of names, type and metadata; the ETag.</param>
public sealed record Entity(
    string Id,
    string Name,
    string Type,
    GraphScope Scope,
    string? Metadata,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Other names, each unique within the scope as names are; at most <see cref="TextRules.AliasesMax"/>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    // Lists are compared by what is in them.
    public bool Equals(Entity? other) => other is not null && AsIfWithoutNames(this) == AsIfWithoutNames(other)
        && Aliases.SequenceEqual(other.Aliases, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Id, Version, Name, Aliases.Count);

    private static (string, string, string, GraphScope, string?, long, DateTimeOffset, DateTimeOffset) AsIfWithoutNames(Entity entity) =>
        (entity.Id, entity.Name, entity.Type, entity.Scope, entity.Metadata, entity.Version, entity.CreatedAt, entity.UpdatedAt);
}

/// <summary>
/// Something known of one entity. Known to us from <see cref="RecordedAt"/> until <see cref="SupersededAt"/>, true in the
/// world from <see cref="ValidFrom"/> until <see cref="ValidTo"/>; null: still.
/// </summary>
/// <param name="Importance">0..1, or null when nobody said.</param>
/// <param name="SupersededBy">The observation that took its place.</param>
public sealed record Observation(
    string Id,
    string EntityId,
    string Content,
    IReadOnlyList<SourceTurn> Sources,
    double? Importance,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    DateTimeOffset? SupersededAt = null,
    string? SupersededBy = null);

/// <summary>
/// A directed link between two entities, in one of its versions, with the time axes of <see cref="Observation"/>. A change
/// closes the current version and adds the next, so that what was known before can still be asked for.
/// </summary>
/// <param name="Version">1, 2, …: the ETag.</param>
/// <param name="SupersededBy">The relation that took its place; null also for a version closed by the next one.</param>
/// <param name="Metadata">Canonical JSON of an object, or null.</param>
public sealed record Relation(
    string Id,
    long Version,
    string FromId,
    string ToId,
    string Type,
    string? Metadata,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    DateTimeOffset RecordedAt,
    DateTimeOffset? SupersededAt = null,
    string? SupersededBy = null)
{
    /// <summary>The other end, seen from one of the two.</summary>
    public string OtherEnd(string entityId) => entityId == FromId ? ToId : FromId;
}

/// <summary>A point on both time axes: what was true at <see cref="Valid"/>, as far as known at <see cref="Known"/>.</summary>
public readonly record struct GraphMoment(DateTimeOffset Valid, DateTimeOffset Known)
{
    public bool Holds(Relation relation) =>
        Holds(relation.ValidFrom, relation.ValidTo, relation.RecordedAt, relation.SupersededAt);

    public bool Holds(Observation observation) =>
        Holds(observation.ValidFrom, observation.ValidTo, observation.RecordedAt, observation.SupersededAt);

    private bool Holds(DateTimeOffset validFrom, DateTimeOffset? validTo, DateTimeOffset recordedAt, DateTimeOffset? supersededAt) =>
        validFrom <= Valid && (validTo is null || validTo > Valid)
        && recordedAt <= Known && (supersededAt is null || supersededAt > Known);
}
