using System.CommandLine;
using System.Globalization;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Contracts;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Cli.Transfer;

/// <summary>
/// Brings an export into the memory. A file is verified to its end before the first byte is sent; what comes through a pipe
/// is verified by the memory, part by part.
/// </summary>
internal static class ImportExport
{
    /// <param name="begun">What has been read of <paramref name="stream"/> already.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, Connection connection, Stream stream, ReadOnlyMemory<byte> begun, CancellationToken cancel)
    {
        long? lines = null;
        if (stream.CanSeek)
        {
            stream.Position = 0;
            begun = default;
            (var fault, lines) = await VerifyAsync(stream, cancel);
            if (fault is not null)
            {
                await Console.Error.WriteLineAsync($"The export is not whole or not in order, nothing was imported. {fault}");
                return ExitCode.Refused;
            }

            stream.Position = 0;
        }

        ImportResponse? report = null;
        await Progressing.RunAsync("import", lines, "records", async progress =>
        {
            await using var sent = new CountedLines(begun, stream, progress);
            report = await connection.Streams.ImportAsync(sent, cancel);
        });
        if (!JsonOutput.TryPrint(parsed, report!, JsonOutput.Types.ImportResponse))
            await Console.Out.WriteLineAsync(Describe(report!));
        return ExitCode.Done;
    }

    /// <summary>What is wrong with it, if anything is, and how many lines it has.</summary>
    private static async Task<(string? Fault, long Lines)> VerifyAsync(Stream stream, CancellationToken cancel)
    {
        long lines = 0;
        using var archive = new ArchiveReader(TimeProvider.System.GetUtcNow());
        await foreach (var line in ReadLines.OfAsync(stream, Array.MaxLength, cancel))
        {
            lines++;
            if (archive.Accept(line) is { } wrong)
                return (wrong.Detail, lines);
            archive.TakeVerified();
        }

        return (archive.End()?.Detail, lines);
    }

    private static string Describe(ImportResponse report)
    {
        var (all, added) = (CountsOf(report.Records), CountsOf(report.Added));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all.All:N0} records of tenant {report.SourceTenant}; stored in tenant {report.Tenant}: {TransferText.Of(added)}. "
            + $"{all.All - added.All:N0} were already there.");
    }

    private static TransferCounts CountsOf(TransferCountsResponse counts) => new(
        counts.Session, counts.Turn, counts.DeletedSession, counts.Memory, counts.Entity, counts.Observation, counts.Relation);
}
