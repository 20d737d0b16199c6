using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;

namespace MemoryOrleans.Cli.Audit;

/// <summary><c>memory audit</c>: who did what, and <c>memory audit verify</c>: whether the trail is whole.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?> Head =
        OptionForms.Word("--head", "HASH", "The last hash an earlier verification showed: it must still be the last");

    public static Command Create()
    {
        var command = new ExplainedCommand("audit", "Show who did what, when, and how it ended; or verify that nothing of it was changed.", """
            The entries of the tenant that the API key belongs to, newest first. Needs the scope admin.
            """).Paged();
        command.Against(ListAsync);
        command.Subcommands.Add(new ExplainedCommand("verify", "Verify that no entry was changed, removed or slipped in.", """
            Each entry is chained to the one before it by a hash. Note the last hash somewhere else: with --head a later
            verification also tells whether entries were cut off the end. Exit code 1 when the trail is not whole.
            """)
        {
            Head, JsonOutput.Option,
        }.Against(VerifyAsync));
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var page = await connection.Client.ListAuditAsync(parsed.GetValue(PageOptions.Limit), parsed.GetValue(PageOptions.Cursor), cancel);
        if (JsonOutput.TryPrint(parsed, page, JsonOutput.Types.AuditPage))
            return ExitCode.Done;
        var table = new Listing("At (UTC)", "Caller", "Action", "Subject", "Request", "Outcome");
        foreach (var entry in page.Items)
        {
            table.Add(
                entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), entry.Caller,
                entry.Action, entry.Subject, entry.RequestId, entry.Outcome);
        }

        table.Write(Screen.Out());
        await PageOptions.TellNextAsync(page.NextCursor);
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var found = await connection.Client.VerifyAuditAsync(cancel);
        var isPrinted = JsonOutput.TryPrint(parsed, found, JsonOutput.Types.AuditVerificationResponse);
        if (!found.Whole)
        {
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"The audit trail is not whole: entry {found.BrokenAt}, of {found.BrokenEntryAt:u}, does not follow from the one before."));
            return ExitCode.Refused;
        }

        if (parsed.GetValue(Head) is { } head && !string.Equals(head, found.Head, StringComparison.OrdinalIgnoreCase))
            await Console.Error.WriteLineAsync("The last hash is another one: entries were added since, or cut off the end.");
        if (isPrinted)
            return ExitCode.Done;
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Entries} entries, {found.Unchained} of them older than the chain; the trail is whole. Last hash: "
            + $"{found.Head ?? "none"}"));
        return ExitCode.Done;
    }
}
