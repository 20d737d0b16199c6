using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Memories;

/// <summary><c>memory memories edit</c>: a memory's next version.</summary>
internal static class EditMemory
{
    private static readonly Option<string?> Content =
        OptionForms.Word("--content", "TEXT", "What it is to say; an episode's cannot be changed");

    private static readonly Option<double?> Importance = OptionForms.Fraction("--importance", "How much it matters");

    private static readonly Option<string?> Status = OptionForms.OneOf("--status", "Archive it, or bring it back", "active", "archived");

    private static readonly Option<string?> Pinned =
        OptionForms.OneOf("--pinned", "Whether it is kept from decay and retention", "yes", "no");

    private static readonly Option<long?> IfVersion = OptionForms.Number("--if-version", "N", "Only if this is still its version");

    public static Command Create(Argument<string> memory) => new ExplainedCommand("edit", "Change a memory: its next version. Undo takes it back.", """
        At least one of --content, --importance, --status and --pinned; the others stay as they are.
        """)
    {
        memory, Content, Importance, Status, Pinned, IfVersion, JsonOutput.Option,
    }.Against((parsed, connection, cancel) => RunAsync(parsed, parsed.GetRequiredValue(memory), connection, cancel));

    private static async Task<int> RunAsync(ParseResult parsed, string id, Connection connection, CancellationToken cancel)
    {
        var edit = new EditMemoryRequest
        {
            Content = parsed.GetValue(Content), Importance = parsed.GetValue(Importance), Status = parsed.GetValue(Status),
            Pinned = parsed.GetValue(Pinned) is { } pinned ? pinned == "yes" : null,
        };
        if (edit is { Content: null, Importance: null, Status: null, Pinned: null })
            throw new UsageException("At least one of --content, --importance, --status and --pinned is needed.");
        var edited = (await connection.Client.EditMemoryAsync(id, edit, parsed.GetValue(IfVersion), cancel)).Value;
        if (!JsonOutput.TryPrint(parsed, edited, JsonOutput.Types.MemoryResponse))
            MemoryTable.InFull(edited).Write(Screen.Out());
        return ExitCode.Done;
    }
}
