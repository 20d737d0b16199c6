using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Cli.Transfer;

/// <summary><c>memory export</c>: all of a tenant into a file, or to stdout.</summary>
internal static class ExportCommand
{
    private static readonly Option<string?> Out = OptionForms.Word("--out", "FILE", "The file to write; default stdout");

    public static Command Create() => new ExplainedCommand("export", "Write all of a tenant to a file or stdout.", """
        The tenant is the API key's; the key needs the scope admin. The export is the tenant as of one moment, however much is
        written meanwhile: sessions with their turns, memories with all their versions, and the graph. What was erased is not in
        it, nor are vectors (they are made again) and idempotency records. `memory import` reads it into any tenant.

        Examples:
          memory export --out tenant.ndjson
          memory export --base http://old:8080 --key $OLD | memory import - --base http://new:8080 --key $NEW
        """)
    {
        Out,
    }.Against(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancel)
    {
        try
        {
            return await ExportAsync(parsed.GetValue(Out), connection, cancel);
        }
        catch (IOException failure) when (failure is not HttpIOException)
        {
            await Console.Error.WriteLineAsync($"The export is not whole, it cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }
    }

    private static async Task<int> ExportAsync(string? path, Connection connection, CancellationToken cancel)
    {
        var part = path is null ? null : $"{path}.part";
        MemoryError? wrong;
        using var archive = new ArchiveReader();
        await using (var to = part is null ? StandardOutput.Open() : Create(part))
        {
            await using var from = await connection.Streams.ExportAsync(cancel);
            wrong = await CopyWithProgressAsync(from, to, archive, await TurnsOfAsync(connection, cancel), cancel);
        }

        if (wrong is not null)
        {
            await Console.Error.WriteLineAsync($"The export did not come whole: {wrong.Detail}");
            return ExitCode.Unreachable;
        }

        if (part is not null)
            File.Move(part, path!, overwrite: true);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{TransferText.Of(archive.Counts)} exported of tenant {archive.Header!.Tenant}."));
        return ExitCode.Done;
    }

    // Most records are turns; what the bar stands for need not be exact.
    private static async Task<long> TurnsOfAsync(Connection connection, CancellationToken cancel) =>
        (await connection.Client.GetSummaryAsync(cancel)).Turns;

    private static async Task<MemoryError?> CopyWithProgressAsync(
        Stream from, Stream to, ArchiveReader archive, long turns, CancellationToken cancel)
    {
        MemoryError? wrong = null;
        await Progressing.RunAsync("export", turns, "records",
            async progress => wrong = await CopyAsync(from, to, archive, progress, cancel));
        return wrong;
    }

    private static async Task<MemoryError?> CopyAsync(
        Stream from, Stream to, ArchiveReader archive, Action<long> progress, CancellationToken cancel)
    {
        await foreach (var line in ReadLines.OfAsync(from, Array.MaxLength, cancel))
        {
            if (archive.Accept(line) is { } wrong)
                return wrong;
            archive.TakeVerified();
            await to.WriteAsync(line, cancel);
            to.WriteByte((byte)'\n');
            progress(archive.Counts.All);
        }

        await to.FlushAsync(cancel);
        return archive.End();
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 128 * 1024, useAsync: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path} cannot be written: {failure.Message}");
        }
    }
}
