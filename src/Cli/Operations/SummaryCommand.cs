using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using Spectre.Console;

namespace MemoryOrleans.Cli.Operations;

/// <summary><c>memory summary</c>: how much the caller's tenant holds.</summary>
internal static class SummaryCommand
{
    public static Command Create() => new ExplainedCommand("summary", "Show how much the memory holds: sessions, turns and users.", """
        The counts are those of the tenant that the API key belongs to; without API keys there is only the tenant default.
        Where there are API keys, this needs one with the scope admin.
        """)
    {
        JsonOutput.Option,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var summary = await connection.Client.GetSummaryAsync(cancel);
        if (JsonOutput.TryPrint(parsed, summary, JsonOutput.Types.SummaryResponse))
            return ExitCode.Done;
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumn("What").AddColumn(new TableColumn("How much") { Alignment = Justify.Right });
        Add(table, "Tenant", summary.Tenant);
        Add(table, "Sessions", Count(summary.Sessions));
        Add(table, "Turns", Count(summary.Turns));
        Add(table, "Users", Count(summary.Users));
        Add(table, "Last recorded (UTC)", summary.LastRecordedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            ?? "never");
        Screen.Out().Write(table);
        return ExitCode.Done;
    }

    private static void Add(Table table, string what, string value) => table.AddRow(Screen.Plain(what), Screen.Plain(value));

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
