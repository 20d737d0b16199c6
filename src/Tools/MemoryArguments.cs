using System.ComponentModel;

namespace MemoryOrleans.Tools;

internal static class Say
{
    public const string User = "The user it is about, by id; leave out for what holds for everybody.";
    public const string Agent = "The agent whose it is, by id; leave out when any agent may know it.";
    public const string OfUser = "Only of this user, by id.";
    public const string OfAgent = "Only of this agent, by id.";
    public const string Time = " A day (2025-03-14) or a time (2025-03-14T09:26:53Z).";
}

internal sealed record RememberArguments
{
    [Description("One thing, said so that it is understood without the conversation: names instead of pronouns, dates instead of "
        + "'tomorrow'.")]
    public required string Content { get; init; }

    [Description("What it is, one word: note (default), preference, procedure, decision, person, ...")]
    public string? Kind { get; init; }

    [Description("How much it matters, 0 to 1; default 0.5.")]
    public double? Importance { get; init; }

    [Description("True from here; default now." + Say.Time)]
    public string? ValidFrom { get; init; }

    [Description("True until just before; leave out when it still holds." + Say.Time)]
    public string? ValidTo { get; init; }

    [Description(Say.User)]
    public string? UserId { get; init; }

    [Description(Say.Agent)]
    public string? AgentId { get; init; }
}

internal sealed record RecallArguments
{
    [Description("A question or a few words, as a person would ask: 'Which trains does Mira take?'")]
    public required string Query { get; init; }

    [Description("Most items, 1 to 100; default 10.")]
    public int? Limit { get; init; }

    [Description("Only these kinds: turn (what was said), episode, fact, or kinds of your own.")]
    public string[]? Kinds { get; init; }

    [Description("What was true then." + Say.Time)]
    public string? AsOf { get; init; }

    [Description("Least relevance, 0 to 1; 0.2 leaves out chance finds.")]
    public double? MinRelevance { get; init; }

    [Description(Say.OfUser)]
    public string? UserId { get; init; }

    [Description(Say.OfAgent)]
    public string? AgentId { get; init; }

    [Description("Alone: only this session. Beside a user: that session's newest turns too.")]
    public string? SessionId { get; init; }
}

internal sealed record ContextArguments
{
    [Description("The session, by id.")]
    public required string SessionId { get; init; }

    [Description("What is about to be answered; adds what the memory knows about it beyond the session.")]
    public string? Query { get; init; }

    [Description("Budget in tokens; default 2,000.")]
    public int? MaxTokens { get; init; }

    [Description("The session's user, by id; needed with a query where the memory demands it.")]
    public string? UserId { get; init; }
}

internal sealed record ListArguments
{
    [Description("Only this kind: episode, fact, note, preference, ...")]
    public string? Kind { get; init; }

    [Words("active", "candidate", "archived", "superseded")]
    [Description("Default active.")]
    public string? Status { get; init; }

    [Description("Most items, 1 to 100; default 20.")]
    public int? Limit { get; init; }

    [Description("next_cursor of the answer before, to go on from there.")]
    public string? Cursor { get; init; }

    [Description(Say.OfUser)]
    public string? UserId { get; init; }

    [Description(Say.OfAgent)]
    public string? AgentId { get; init; }
}

internal sealed record UpdateArguments
{
    [Description("The memory's id, as recall or list_memories answered it.")]
    public required string Id { get; init; }

    [Description("The new text, whole.")]
    public string? Content { get; init; }

    [Description("0 to 1.")]
    public double? Importance { get; init; }

    [Description("When it stopped, or will stop, being true." + Say.Time)]
    public string? ValidTo { get; init; }

    [Words("active", "archived")]
    [Description("archived: kept, but recall does not find it.")]
    public string? Status { get; init; }

    [Description("true: it neither fades nor is put away.")]
    public bool? Pinned { get; init; }
}

internal sealed record ForgetArguments
{
    [Description("The id, as recall, list_memories, get_entity or search_entities answered it.")]
    public required string Id { get; init; }

    [Words("memory", "session", "entity", "observation", "relation")]
    [Description("What the id is of; default memory. session: the whole conversation with all that was made of it.")]
    public string? What { get; init; }
}
