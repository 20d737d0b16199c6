using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Import.Foreign;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Cli.Transfer;

namespace MemoryOrleans.Cli.Import;

/// <summary><c>memory import</c>: turns of a file, or of stdin, into the memory.</summary>
internal static class ImportCommand
{
    private const int BatchDefault = 200;

    private static readonly Argument<string> File = new("FILE") { Description = "The file to read; - reads stdin" };

    private static readonly Option<string?> User = OptionForms.Word("--user", "USER", "The user_id of lines that name none");

    private static readonly Option<string?> Session = OptionForms.Word("--session", "SESSION", "The session_id of lines that name none");

    private static readonly Option<int?> Batch =
        OptionForms.Integer("--batch", 1, 1_000, $"Most turns of one request; default {BatchDefault}");

    private static readonly Option<string?> Format = new("--format")
    {
        Description = "ndjson: one turn a line. eval: {\"conversations\": …} as in samples/conversations.json. export: of `memory export`. "
            + "Default: auto, told by how the input begins. Of other systems: mem0, zep, chatgpt, langchain, letta",
        HelpName = "FORMAT",
    };

    private static readonly Option<bool> DryRun =
        new("--dry-run") { Description = "Of another system's export: only say what would be made of each record" };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong(["auto", "ndjson", "eval", "export", .. ForeignExports.Names]);
        return new ExplainedCommand("import", "Read conversations, or an export, from a file or stdin into the memory.", """
            NDJSON has one turn a line, for instance
              {"session_id": "hello", "user_id": "mira", "role": "user", "content": "I have a tortoise named Pascal."}
            with the fields session_id, user_id, agent_id, id, role, name, content, occurred_at (RFC 3339) and metadata (an object);
            session_id, role and content are needed. A line without id gets one made of its number and its text.

            An export of `memory export` is told by its first line. It brings back all it holds, as it was, into the API key's tenant
            (scope admin), whatever the tenant was called. A file is verified before anything of it is sent.

            Exports of other systems are JSON, read whole: mem0's list of memories; episodes, facts and nodes of Zep or Graphiti;
            conversations.json of ChatGPT; message histories of LangChain; agent files of Letta (docs/clients.md).

            An import that was interrupted goes on when it is run again: turns that are stored already are recognised by their ids
            and not stored twice. It stops at the first line that is not in order, which it names; all lines before it are stored.

            Examples:
              memory import samples/quickstart.ndjson
              zcat turns.ndjson.gz | memory import - --user mira
              memory export --base http://old:8080 | memory import - --base http://new:8080
            """)
        {
            File, User, Session, Batch, Format, DryRun, JsonOutput.Option,
        }.Against(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        var path = parsed.GetRequiredValue(File);
        await using var stream = Open(path);
        var named = parsed.GetValue(Format) ?? "auto";
        if (ForeignExports.Names.Contains(named))
            return await ImportForeignAsync(parsed, connection, named, stream, cancel);
        if (parsed.GetValue(DryRun))
            throw new UsageException("--dry-run is for exports of other systems; name one with --format.");
        var input = new InputBuffer(stream);
        var format = Enum.Parse<InputFormat>(named, ignoreCase: true);
        if (format == InputFormat.Auto)
            format = await DetectFormat.RunAsync(input, cancel);
        if (format != InputFormat.Export)
            RefuseJson(parsed);
        if (format == InputFormat.Export)
            return await ImportExport.RunAsync(parsed, connection, stream, input.Unread, cancel);
        var turns = ReaderOf(parsed, format, input, cancel);

        var counts = new ImportCounts();
        Exception? end = null;
        await ImportProgress.RunAsync(path == "-" ? "stdin" : Path.GetFileName(path), stream.CanSeek ? stream.Length : null,
            TimeProvider.System, async progress =>
        {
            var import = new ImportTurns(
                connection.Client, new RetryPolicy(TimeProvider.System, progress.ShowWait), parsed.GetValue(Batch) ?? BatchDefault, counts,
                () => progress.Show(counts, input.Position));
            end = await EndOfAsync(import.RunAsync(turns, cancel), cancel);
        });
        return await ReportAsync(counts, format, end, connection.Address);
    }

    // Turns go in by many requests: there is no one answer.
    private static void RefuseJson(ParseResult parsed)
    {
        if (parsed.GetValue(JsonOutput.Option))
            throw new UsageException("--json is for exports of `memory export`, which the memory answers once.");
    }

    private static async Task<int> ImportForeignAsync(
        ParseResult parsed, Connection connection, string format, Stream stream, CancellationToken cancel)
    {
        RefuseJson(parsed);
        try
        {
            return await ImportForeign.RunAsync(
                connection.Client, format, stream, parsed.GetValue(User), parsed.GetValue(Session), parsed.GetValue(DryRun), cancel);
        }
        catch (BadTurnException bad)
        {
            await Console.Error.WriteLineAsync(bad.Message);
            return ExitCode.Refused;
        }
    }

    // An import that fails half way still reports how far it came.
    private static async Task<Exception?> EndOfAsync(Task import, CancellationToken cancel)
    {
        try
        {
            await import;
            return null;
        }
        catch (Exception failure) when (failure is BadTurnException or IOException || Failure.IsExpected(failure, cancel))
        {
            return failure;
        }
    }

    private static async Task<int> ReportAsync(ImportCounts counts, InputFormat format, Exception? end, string address)
    {
        var read = Count(counts.Read, format == InputFormat.Eval ? "turn" : "line");
        var report = $"{read} read; {Count(counts.Stored, "turn")} stored, "
            + $"{counts.AlreadyThere.ToString("N0", CultureInfo.InvariantCulture)} already there.";
        await Console.Out.WriteLineAsync(report);
        if (end is null)
        {
            await Console.Out.WriteLineAsync(
                $"Ask it: memory recall \"…\"{(counts.User is null ? string.Empty : $" --user {counts.User}")}");
            return ExitCode.Done;
        }

        var failure = end is BadTurnException or IOException and not HttpIOException
            ? new Failure(end.Message, ExitCode.Refused)
            : Failure.Of(end, address);
        await Console.Error.WriteLineAsync(failure.Message);
        await Console.Error.WriteLineAsync(end is BadTurnException
            ? "Everything before it is stored, nothing after it. Correct it and run the same command again: what is stored already is "
            + "not stored twice."
            : "To go on, run the same command again: what is stored already is not stored twice.");
        return failure.ExitCode;
    }

    private static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? string.Empty : "s")}");

    private static IAsyncEnumerable<ImportTurn> ReaderOf(
        ParseResult parsed, InputFormat format, InputBuffer input, CancellationToken cancel)
    {
        var (user, session) = (parsed.GetValue(User), parsed.GetValue(Session));
        if (format == InputFormat.Ndjson)
            return NdjsonTurns.ReadAsync(input, user, session, cancel);
        if (user is not null || session is not null)
            throw new UsageException(
                "--user and --session are for lines that name none; in the eval format every turn has its user and session.");
        return EvalTurns.ReadAsync(input, cancel);
    }

    private static Stream Open(string path)
    {
        if (path == "-")
            return Console.OpenStandardInput();
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(failure is FileNotFoundException or DirectoryNotFoundException
                ? $"There is no file {path}." : $"{path} cannot be read: {failure.Message}");
        }
    }
}
