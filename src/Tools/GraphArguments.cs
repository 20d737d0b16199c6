using System.ComponentModel;

namespace MemoryOrleans.Tools;

internal sealed record SaveEntityArguments
{
    [Description("The name, as people use it: 'Mira Brandt', 'billing service'.")]
    public required string Name { get; init; }

    [Description("person, project, place, ... in one word.")]
    public string? Type { get; init; }

    [Description("What is known of it, one sentence each.")]
    public string[]? Observations { get; init; }

    [Description("Other names people use for it: 'Jenny', 'the blue bakery'.")]
    public string[]? Aliases { get; init; }

    [Description(Say.User)]
    public string? UserId { get; init; }

    [Description(Say.Agent)]
    public string? AgentId { get; init; }
}

internal sealed record GetEntityArguments
{
    [Description("Its name or id.")]
    public required string Entity { get; init; }

    [Description("What held then." + Say.Time)]
    public string? AsOf { get; init; }

    [Description(Say.OfUser)]
    public string? UserId { get; init; }

    [Description(Say.OfAgent)]
    public string? AgentId { get; init; }
}

internal sealed record SearchEntitiesArguments
{
    [Description("Words of its name or of what is known of it.")]
    public required string Query { get; init; }

    [Description("Only of this type.")]
    public string? Type { get; init; }

    [Description("Most items, 1 to 100; default 10.")]
    public int? Limit { get; init; }

    [Description(Say.OfUser)]
    public string? UserId { get; init; }

    [Description(Say.OfAgent)]
    public string? AgentId { get; init; }
}

internal sealed record RelateArguments
{
    [Description("Name or id of the entity it starts from; a new name makes the entity.")]
    public required string From { get; init; }

    [Description("One or a few words with underscores: works_at, depends_on.")]
    public required string Type { get; init; }

    [Description("Name or id of the entity it leads to; a new name makes the entity.")]
    public required string To { get; init; }

    [Description("True from here; default now." + Say.Time)]
    public string? ValidFrom { get; init; }

    [Description("True until just before; leave out when it still holds." + Say.Time)]
    public string? ValidTo { get; init; }

    [Description(Say.User)]
    public string? UserId { get; init; }

    [Description(Say.Agent)]
    public string? AgentId { get; init; }
}

internal sealed record FindPathArguments
{
    [Description("Name or id of the first entity.")]
    public required string From { get; init; }

    [Description("Name or id of the last entity.")]
    public required string To { get; init; }

    [Description("Most steps, 1 to 6; default 4.")]
    public int? MaxHops { get; init; }

    [Description(Say.OfUser)]
    public string? UserId { get; init; }

    [Description(Say.OfAgent)]
    public string? AgentId { get; init; }
}
