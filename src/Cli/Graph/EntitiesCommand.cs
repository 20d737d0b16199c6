using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Graph;

/// <summary><c>memory entities</c>: the knowledge graph, entity by entity.</summary>
internal static class EntitiesCommand
{
    private static readonly Argument<string> Entity = new("ID") { Description = "The entity's id" };

    private static readonly Option<string?> Type = OptionForms.Word("--type", "TYPE", "Only of this type, like person");

    private static readonly Option<string?> User = OptionForms.Word("--user", "USER", "Only this user's");

    private static readonly Option<string?> Agent = OptionForms.Word("--agent", "AGENT", "Only this agent's");

    private static readonly Option<DateTimeOffset?> Valid =
        OptionForms.Time("--as-of-valid", "What held at this time, like 2025-03-14T09:26:53Z");

    private static readonly Option<DateTimeOffset?> Known = OptionForms.Time("--as-of-known", "What the memory had been told by this time");

    public static Command Create() => new ExplainedCommand("entities", "List the entities of the knowledge graph, and show what is known of one.", """
        With --json, show and relations both print the entity with its observations and relations, as the memory answers it.
        """)
    {
        new ExplainedCommand("list", "List entities, the most recently created first.", string.Empty) { Type, User, Agent }.Paged()
            .Against(ListAsync),
        new ExplainedCommand("show", "Show an entity and what is known of it.", string.Empty) { Entity, Valid, Known,
        JsonOutput.Option }.Against(ShowAsync),
        new ExplainedCommand("relations", "Show how an entity is related to others.", string.Empty) { Entity, Valid, Known,
        JsonOutput.Option }
            .Against(RelationsAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListEntitiesAsync(
            parsed.GetValue(Type), parsed.GetValue(User), parsed.GetValue(Agent), parsed.GetValue(PageOptions.Limit),
            parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.EntityPage))
            return ExitCode.Done;
        var table = new Listing("Id", "Name", "Type", "User", "Agent", "Created (UTC)");
        foreach (var each in page.Items)
            table.Add(each.Id, each.Name, each.Type, each.UserId ?? string.Empty, each.AgentId ?? string.Empty, Show.Time(each.CreatedAt));
        table.Write(Screen.Out());
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var view = await AskAsync(parsed, connection, cancel);
        if (JsonOutput.TryPrint(parsed, view, JsonOutput.Types.EntityViewResponse))
            return ExitCode.Done;
        await Console.Out.WriteLineAsync(Screen.Printable($"{view.Entity.Name} ({view.Entity.Type}), {view.Relations.Count} relations"));
        var table = new Listing(separated: true, "Known since (UTC)", "True from (UTC)", "True to (UTC)", "Observation");
        foreach (var each in view.Observations)
            table.Add(Show.Time(each.RecordedAt), Show.Time(each.ValidFrom), Show.Time(each.ValidTo), Show.Content(each.Content));
        table.Write(Screen.Out());
        await TellPartialAsync(view);
        return ExitCode.Done;
    }

    private static async Task<int> RelationsAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var view = await AskAsync(parsed, connection, cancel);
        if (JsonOutput.TryPrint(parsed, view, JsonOutput.Types.EntityViewResponse))
            return ExitCode.Done;
        var table = new Listing("From", "Relation", "To", "True from (UTC)", "True to (UTC)", "Other's id");
        foreach (var (direction, other, relation) in view.Relations)
        {
            var otherId = direction == "out" ? relation.ToId : relation.FromId;
            var (own, others) = (view.Entity.Name, other?.Name ?? otherId);
            table.Add(
                direction == "out" ? own : others, relation.Type, direction == "out"
                ? others : own, Show.Time(relation.ValidFrom), Show.Time(relation.ValidTo),
                otherId);
        }

        table.Write(Screen.Out());
        await TellPartialAsync(view);
        return ExitCode.Done;
    }

    private static Task<EntityViewResponse> AskAsync(ParseResult parsed, Connection connection, CancellationToken cancel) =>
        connection.Client.GetEntityAsync(parsed.GetRequiredValue(Entity), parsed.GetValue(Valid), parsed.GetValue(Known), cancel);

    private static async Task TellPartialAsync(EntityViewResponse view)
    {
        if (view.Partial)
            await Console.Error.WriteLineAsync("There are more than these.");
    }
}
