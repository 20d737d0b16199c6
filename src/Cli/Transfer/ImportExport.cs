using System.Globalization;
using MemoryOrleans.Cli.Connecting;
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
    public static async Task<int> RunAsync(Connection connection, Stream stream, ReadOnlyMemory<byte> begun, CancellationToken cancel)
    {
        if (stream.CanSeek)
        {
            stream.Position = 0;
            begun = default;
            if (await FindFaultAsync(stream, cancel) is { } fault)
            {
                await Console.Error.WriteLineAsync($"The export is not whole or not in order, nothing was imported. {fault}");
                return ExitCode.Refused;
            }

            stream.Position = 0;
        }

        await using var sent = new CountedLines(begun, stream, new TransferLines(Console.Error, TimeProvider.System));
        var report = await connection.Streams.ImportAsync(sent, cancel);
        await Console.Out.WriteLineAsync(Describe(report));
        return ExitCode.Done;
    }

    private static async Task<string?> FindFaultAsync(Stream stream, CancellationToken cancel)
    {
        using var archive = new ArchiveReader(TimeProvider.System.GetUtcNow());
        await foreach (var line in ReadLines.OfAsync(stream, Array.MaxLength, cancel))
        {
            if (archive.Accept(line) is { } wrong)
                return wrong.Detail;
            archive.TakeVerified();
        }

        return archive.End()?.Detail;
    }

    private static string Describe(ImportResponse report)
    {
        var (all, added) = (CountsOf(report.Records), CountsOf(report.Added));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all.All:N0} records of tenant {report.SourceTenant}; stored in tenant {report.Tenant}: {TransferText.Of(added)}. {all.All - added.All:N0} were already there.");
    }

    private static TransferCounts CountsOf(TransferCountsResponse counts) => new(
        counts.Session, counts.Turn, counts.DeletedSession, counts.Memory, counts.Entity, counts.Observation, counts.Relation);
}
