using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

internal sealed record ObservationAnswer(string Id, string Content, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo)
{
    public static ObservationAnswer Of(ObservationResponse observation) =>
        new(observation.Id, observation.Content, observation.ValidFrom, observation.ValidTo);
}

/// <summary>An entity with what is known of it.</summary>
internal sealed record EntityAnswer(
    string Id, string Name, string Type, IReadOnlyList<ObservationAnswer> Observations, IReadOnlyList<RelationAnswer> Relations)
{
    public static EntityAnswer Of(EntityViewResponse view) => new(
        view.Entity.Id, view.Entity.Name, view.Entity.Type, [.. view.Observations.Select(ObservationAnswer.Of)],
        [.. view.Relations.Select(each => RelationAnswer.Of(view.Entity.Name, each))]);

    public static EntityAnswer Of(FoundEntityResponse found) => new(
        found.Entity.Id, found.Entity.Name, found.Entity.Type,
        [.. found.Observations.Select(static each => ObservationAnswer.Of(each.Observation))], []);
}

internal sealed record EntitiesAnswer(IReadOnlyList<EntityAnswer> Items);

/// <summary>A relation by its entities' names.</summary>
internal sealed record RelationAnswer(string Id, string From, string Type, string To, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo)
{
    public static RelationAnswer Of(string name, EntityRelationResponse seen)
    {
        var other = seen.Other?.Name ?? "?";
        var (from, to) = seen.Direction == "out" ? (name, other) : (other, name);
        return new RelationAnswer(seen.Relation.Id, from, seen.Relation.Type, to, seen.Relation.ValidFrom, seen.Relation.ValidTo);
    }
}

/// <summary>A chain of relations as a model reads it, or that there is none.</summary>
/// <param name="Note">Said where there is none.</param>
internal sealed record PathAnswer(bool Found, int? Hops, IReadOnlyList<string> Steps, string? Note)
{
    public static PathAnswer Of(GraphPathResponse path)
    {
        var names = path.Entities.ToDictionary(static each => each.Id, static each => each.Name, StringComparer.Ordinal);
        string NameOf(string id) => names.GetValueOrDefault(id, "?");
        var note = path.Found ? null
            : path.Exhaustive ? "There is no chain of so few steps."
            : "None was found before the search gave up.";
        return new PathAnswer(path.Found, path.Hops,
            [.. path.Relations.Select(each => $"{NameOf(each.FromId)} {each.Type} {NameOf(each.ToId)}")], note);
    }
}
