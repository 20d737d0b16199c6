using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>An entity as a caller names it, validated. What is null leaves an existing entity's as it is.</summary>
/// <param name="Metadata">Canonical JSON of an object: its members are merged into the existing ones.</param>
public sealed record EntityDraft(string Name, string? Type, GraphScope Scope, string? Metadata)
{
    /// <summary>Other names; an existing entity gets those that it has not.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>Changes to an entity; null leaves a field as it is.</summary>
/// <param name="Metadata">Canonical JSON of an object, which takes the place of the whole; empty text removes it.</param>
public sealed record EntityEdit(string? Name = null, string? Type = null, string? Metadata = null)
{
    /// <summary>Other names, which take the place of all it has.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }
}

/// <summary>The entity, and whether it was there before.</summary>
public sealed record EntityUpsert(Entity Entity, bool Created);

/// <summary>An observation as a caller makes it, validated.</summary>
/// <param name="Sources">Turns by session and id; their seqs are filled in from the log.</param>
/// <param name="Supersedes">A current observation of the same entity whose place it takes.</param>
public sealed record ObservationDraft(
    string EntityId,
    string Content,
    IReadOnlyList<SourceTurn> Sources,
    double? Importance = null,
    DateTimeOffset? ValidFrom = null,
    DateTimeOffset? ValidTo = null,
    string? Supersedes = null);

/// <summary>An observation that was asked for, and whether it is new.</summary>
public sealed record ObservationUpsert(Observation Observation, bool Created);

/// <summary>A relation as a caller makes it, validated.</summary>
/// <param name="Supersedes">A current relation whose place it takes.</param>
public sealed record RelationDraft(
    string FromId,
    string ToId,
    string Type,
    string? Metadata = null,
    DateTimeOffset? ValidFrom = null,
    DateTimeOffset? ValidTo = null,
    string? Supersedes = null);

/// <summary>A relation that was asked for, and whether it is new.</summary>
public sealed record RelationUpsert(Relation Relation, bool Created);

/// <summary>Changes to a relation; null leaves a field as it is.</summary>
/// <param name="Metadata">As of <see cref="EntityEdit"/>.</param>
public sealed record RelationEdit(DateTimeOffset? ValidFrom = null, DateTimeOffset? ValidTo = null, string? Metadata = null);

/// <summary>An entity with what holds of it at the moment, newest observation first, relations as they were recorded.</summary>
/// <param name="Others">The entities at the other ends of the relations.</param>
/// <param name="IsPartial">True when there are more observations or relations than <see cref="GraphLimits.PerEntityShown"/>.</param>
public sealed record EntityView(
    Entity Entity,
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<Relation> Relations,
    IReadOnlyDictionary<string, Entity> Others,
    bool IsPartial);
