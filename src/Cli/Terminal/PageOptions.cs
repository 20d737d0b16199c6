using System.CommandLine;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>The options of every command that shows one page of a list.</summary>
internal static class PageOptions
{
    public static readonly Option<int?> Limit = OptionForms.Integer("--limit", 1, 100, "Most to show; default 50");

    public static readonly Option<string?> Cursor = OptionForms.Word("--cursor", "CURSOR", "Go on where an earlier page ended");

    /// <summary>Adds them, and <c>--json</c>.</summary>
    public static ExplainedCommand Paged(this ExplainedCommand command)
    {
        command.Options.Add(Limit);
        command.Options.Add(Cursor);
        command.Options.Add(JsonOutput.Option);
        return command;
    }

    /// <summary>Says on stderr how to see the next page, where there is one.</summary>
    public static async Task TellNextAsync(string? cursor)
    {
        if (cursor is not null)
            await Console.Error.WriteLineAsync($"There are more: --cursor {cursor}");
    }
}
