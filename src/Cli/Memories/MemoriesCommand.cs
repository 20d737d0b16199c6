using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Erasures;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Memories;

/// <summary><c>memory memories</c>: episodes, facts, and what agents wrote.</summary>
internal static class MemoriesCommand
{
    private static readonly Argument<string> Memory = new("ID") { Description = "The memory's id" };

    private static readonly Option<string?> User = OptionForms.Word("--user", "USER", "Only of this user");

    private static readonly Option<string?> Agent = OptionForms.Word("--agent", "AGENT", "Only of this agent");

    private static readonly Option<string?> Session = OptionForms.Word("--session", "SESSION", "Only of this session");

    private static readonly Option<string?> Kind =
        OptionForms.Word("--kind", "KIND", "Only of this kind: episode, fact, or an agent's own");

    private static readonly Option<string?> Tier = OptionForms.OneOf("--tier", "Only of this tier", "episodic", "semantic");

    private static readonly Option<string?> Status = OptionForms.OneOf(
        "--status", "Only of this status; default active", "active", "candidate", "archived", "superseded");

    public static Command Create() => new ExplainedCommand("memories", "List memories, show one with its history, edit it, undo, or delete it.", """
        A memory is an episode, a fact, or a record that an agent wrote; turns are in `memory sessions turns`.

        Examples:
          memory memories list --user mira --kind fact
          memory memories edit ID --content "The band rehearses on Tuesdays."
        """)
    {
        new ExplainedCommand("list", "List memories, the most recently made first.", string.Empty) { User, Agent, Session, Kind, Tier,
            Status }
            .Paged().Against(ListAsync),
        new ExplainedCommand("show", "Show a memory.", string.Empty) { Memory, JsonOutput.Option }.Against(ShowAsync),
        new ExplainedCommand("history", "Show every version of a memory, oldest first.", string.Empty) { Memory,
        JsonOutput.Option }.Against(HistoryAsync),
        EditMemory.Create(Memory),
        new ExplainedCommand("undo", "Take back what made a memory's current version, in every memory it changed.", string.Empty)
        {
            Memory, JsonOutput.Option,
        }.Against(UndoAsync),
        new ExplainedCommand("delete", "Erase a memory, in every version.", """
            It says how much would go, and asks, unless --yes is there. It cannot be undone.
            """)
        {
            Memory, Confirmation.Yes,
        }.Against(DeleteAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var filter = new MemoryListFilter(
            parsed.GetValue(Kind), parsed.GetValue(Tier), parsed.GetValue(Status), parsed.GetValue(User), parsed.GetValue(Agent),
            parsed.GetValue(Session));
        var page = await connection.Client.ListMemoriesAsync(filter, parsed.GetValue(PageOptions.Limit),
            parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.MemoryPage))
            return ExitCode.Done;
        MemoryTable.Of(page.Items).Write(Screen.Out());
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var memory = await connection.Client.GetMemoryAsync(parsed.GetRequiredValue(Memory), cancel);
        if (!JsonOutput.TryPrint(parsed, memory, JsonOutput.Types.MemoryResponse))
            MemoryTable.InFull(memory).Write(Screen.Out());
        return ExitCode.Done;
    }

    private static async Task<int> HistoryAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var history = await connection.Client.GetMemoryHistoryAsync(parsed.GetRequiredValue(Memory), cancel);
        if (!JsonOutput.TryPrint(parsed, history, JsonOutput.Types.MemoryHistoryResponse))
            MemoryTable.OfVersions(history.Items).Write(Screen.Out());
        return ExitCode.Done;
    }

    private static async Task<int> UndoAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var undone = await connection.Client.UndoMemoryAsync(parsed.GetRequiredValue(Memory), cancel: cancel);
        if (!JsonOutput.TryPrint(parsed, undone, JsonOutput.Types.UndoResponse))
            MemoryTable.Of(undone.Items).Write(Screen.Out());
        return ExitCode.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var id = parsed.GetRequiredValue(Memory);
        if (!await Confirmation.AskAsync(parsed, $"Erase memory {id} for good?",
            () => ErasureExtent.OfMemoryAsync(connection.Client, id, cancel)))
            return ExitCode.Refused;
        await connection.Client.DeleteMemoryAsync(id, cancel: cancel);
        return ExitCode.Done;
    }
}
