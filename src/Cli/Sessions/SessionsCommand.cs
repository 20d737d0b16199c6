using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Erasures;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Sessions;

/// <summary><c>memory sessions</c>: which there are, what was said in one, and removing one.</summary>
internal static class SessionsCommand
{
    private static readonly Argument<string> Session = new("SESSION") { Description = "The session's id" };

    private static readonly Option<string?> User = OptionForms.Word("--user", "USER", "Only this user's");

    private static readonly Option<string?> Agent = OptionForms.Word("--agent", "AGENT", "Only this agent's");

    private static readonly Option<string?> Status = OptionForms.OneOf("--status", "Only such ones", "open", "closed");

    public static Command Create() => new ExplainedCommand("sessions", "List sessions, show what was said in one, or delete one.", """
        Examples:
          memory sessions list --user mira
          memory sessions turns hello --limit 100
        """)
    {
        new ExplainedCommand("list", "List sessions, the most recently created first.", string.Empty) { User, Agent, Status }.Paged()
            .Against(ListAsync),
        new ExplainedCommand("show", "Show a session.", "Its turns: memory sessions turns SESSION.") { Session,
        JsonOutput.Option }.Against(ShowAsync),
        new ExplainedCommand("turns", "Show a session's turns, by ascending number.", string.Empty) { Session }.Paged().Against(TurnsAsync),
        new ExplainedCommand("delete", "Delete a session with its turns and what was derived from them.", """
            It says how much would go, and asks, unless --yes is there. It cannot be undone. `memory erase --session` does the same
            with a receipt.
            """)
        {
            Session, Confirmation.Yes,
        }.Against(DeleteAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListSessionsAsync(
            parsed.GetValue(User), parsed.GetValue(Agent), parsed.GetValue(Status), parsed.GetValue(PageOptions.Limit),
            parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.SessionPage))
            return ExitCode.Done;
        Print(page.Items);
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var session = await connection.Client.GetSessionAsync(parsed.GetRequiredValue(Session), cancel);
        if (!JsonOutput.TryPrint(parsed, session, JsonOutput.Types.SessionResponse))
            Print([session]);
        return ExitCode.Done;
    }

    private static async Task<int> TurnsAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListTurnsAsync(
            parsed.GetRequiredValue(Session), parsed.GetValue(PageOptions.Limit), parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.TurnPage))
            return ExitCode.Done;
        var table = new Listing(separated: true, new Heading("#", Right: true), "Said (UTC)", "By", "Content");
        foreach (var turn in page.Items)
            table.Add(Show.Number(turn.Seq), Show.Time(turn.OccurredAt), turn.Name is null ? turn.Role : $"{turn.Name} ({turn.Role})",
                Show.Content(turn.Content));
        table.Write(Screen.Out());
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var id = parsed.GetRequiredValue(Session);
        if (!await Confirmation.AskAsync(parsed, $"Delete session {id}?",
            () => ErasureExtent.OfSessionAsync(connection.Client, id, cancel)))
            return ExitCode.Refused;
        await connection.Client.DeleteSessionAsync(id, cancel: cancel);
        return ExitCode.Done;
    }

    private static void Print(IReadOnlyList<SessionResponse> sessions)
    {
        var table = new Listing("Session", "User", "Agent", "Status", new Heading("Turns", Right: true), "Created (UTC)", "Changed (UTC)");
        foreach (var each in sessions)
        {
            table.Add(
                each.Id, each.UserId ?? string.Empty, each.AgentId
                ?? string.Empty, each.Status, Show.Number(each.Turns), Show.Time(each.CreatedAt),
                Show.Time(each.UpdatedAt));
        }

        table.Write(Screen.Out());
    }
}
