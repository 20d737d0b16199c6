using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>An export of another system into the memory, or, as a dry run, onto the screen.</summary>
internal static class ImportForeign
{
    private const int ShownMax = 100;
    private const int BytesMax = 512 * 1024 * 1024;

    public static async Task<int> RunAsync(
        MemoryClient memory, string format, Stream input, string? user, string? session, bool dryRun, CancellationToken cancel)
    {
        using var document = await ParseAsync(input, cancel);
        var records = ForeignExports.Read(format, document.RootElement, user, session).ToList();
        if (records.Count == 0)
            throw new UsageException($"Nothing of an export of {format} was found; docs/clients.md says what it must hold.");
        if (dryRun)
            await ShowAsync(records);
        else
            await WriteAsync(memory, records, format, cancel);
        return ExitCode.Done;
    }

    private static async Task<JsonDocument> ParseAsync(Stream input, CancellationToken cancel)
    {
        if (input.CanSeek && input.Length > BytesMax)
            throw new UsageException("The export is longer than 512 MiB; split it.");
        try
        {
            using var read = new MemoryStream();
            await input.CopyToAsync(read, cancel);
            return JsonDocument.Parse(MendUnicode.In(read.ToArray()), new JsonDocumentOptions { AllowTrailingCommas = true });
        }
        catch (JsonException failure)
        {
            throw new UsageException($"The export is not JSON; it goes wrong in line {(failure.LineNumber ?? 0) + 1}.");
        }
    }

    private static async Task ShowAsync(List<ForeignRecord> records)
    {
        foreach (var record in records)
            await Console.Out.WriteLineAsync($"{record.Place}: {Describe(record)}");
        await Console.Out.WriteLineAsync($"{Summary(records)}; nothing was sent.");
    }

    private static string Describe(ForeignRecord record) => record switch
    {
        ForeignTurn { Turn: var turn } =>
            $"turn {turn.Turn.Id} of session {turn.SessionId}{Of(turn.UserId)}, {turn.Turn.Role}: {Short(turn.Turn.Content!)}",
        ForeignMemory { Memory: var memory } => $"memory, {memory.Kind}{Of(memory.UserId)}: {Short(memory.Content!)}",
        ForeignEntity { Entity: var entity } => $"entity{Of(entity.UserId)}: {entity.Name}",
        Skipped skipped => $"left out: {skipped.Why}",
        _ => string.Empty,
    };

    private static async Task WriteAsync(MemoryClient memory, List<ForeignRecord> records, string format, CancellationToken cancel)
    {
        var counts = new ImportCounts();
        var retries = new RetryPolicy(TimeProvider.System, static (wait, why) =>
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{why}; waiting {wait.TotalSeconds:0.#} s")));
        await Progressing.RunAsync(format, records.Count, "records",
            progress => SendAsync(memory, retries, records, format, counts, progress, cancel));
        await Console.Out.WriteLineAsync($"{Summary(records)}; {Count(counts.AlreadyThere, "record")} already there.");
    }

    private static async Task SendAsync(
        MemoryClient memory, RetryPolicy retries, List<ForeignRecord> records, string format, ImportCounts counts, Action<long> progress,
        CancellationToken cancel)
    {
        var turns = records.OfType<ForeignTurn>().Select(static each => each.Turn).ToAsyncEnumerable();
        await new ImportTurns(memory, retries, turnsMax: 200, counts, () => progress(counts.Read)).RunAsync(turns, cancel);

        var done = counts.Read;
        var known = new KnownSources(memory, format);
        foreach (var each in records.OfType<ForeignMemory>())
        {
            if (await known.ContainsAsync(each, cancel))
                counts.AlreadyThere++;
            else
                await retries.RunAsync(RepeatedOnce(known, each, () => memory.WriteMemoryAsync(each.Memory, cancel), cancel), cancel);
            progress(++done);
        }

        foreach (var each in records.OfType<ForeignEntity>())
        {
            var entity = await retries.RunAsync(() => memory.UpsertEntityAsync(each.Entity, cancel), cancel);
            if (each.Observation is not null)
                await retries.RunAsync(() =>
                    memory.AddObservationsAsync(new() { EntityId = entity.Value.Id, Content = each.Observation }, cancel), cancel);
            progress(++done);
        }
    }

    /// <summary>
    /// A write has no key by which the memory would know it again: one whose answer was lost may be done, so it is looked for before it
    /// is sent once more.
    /// </summary>
    private static Func<Task<bool>> RepeatedOnce<T>(
        KnownSources known, ForeignMemory each, Func<Task<T>> write, CancellationToken cancel)
    {
        var wasSent = false;
        return async () =>
        {
            if (wasSent && await known.IsStoredAsync(each, cancel))
                return false;
            wasSent = true;
            await write();
            return true;
        };
    }

    private static string Summary(List<ForeignRecord> records) => string.Join(", ",
        Count(records.OfType<ForeignTurn>().Count(), "turn"), Count(records.OfType<ForeignMemory>().Count(), "memory", "memories"),
        Count(records.OfType<ForeignEntity>().Count(), "entity", "entities"),
        $"{Count(records.OfType<Skipped>().Count(), "record")} left out");

    private static string Of(string? user) => user is null ? string.Empty : $" of {user}";

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= ShownMax ? line : line[..ShownMax] + "…";
    }

    private static string Count(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? noun : plural ?? noun + "s")}");

    /// <summary>What an earlier import has written, by the ids of the other system. Each user's memories are read once.</summary>
    private sealed class KnownSources(MemoryClient memory, string system)
    {
        private static readonly string[] Statuses = ["active", "candidate", "archived", "superseded"];

        private readonly HashSet<string> users = new(StringComparer.Ordinal);
        private readonly HashSet<string> ids = new(StringComparer.Ordinal);

        public async Task<bool> ContainsAsync(ForeignMemory each, CancellationToken cancel)
        {
            if (users.Add(each.Memory.UserId ?? string.Empty))
            {
                await foreach (var there in ListAsync(each.Memory.UserId, sourceId: null, cancel))
                {
                    if (there.Metadata?.Text("source_id") is { } id)
                        ids.Add(id);
                }
            }

            return !ids.Add(each.SourceId);
        }

        /// <summary>Whether it is there now, whatever was there before.</summary>
        public async Task<bool> IsStoredAsync(ForeignMemory each, CancellationToken cancel)
        {
            await foreach (var _ in ListAsync(each.Memory.UserId, each.SourceId, cancel))
                return true;
            return false;
        }

        // In every state: what was archived or superseded since has been imported all the same.
        private async IAsyncEnumerable<MemoryResponse> ListAsync(
            string? user, string? sourceId, [EnumeratorCancellation] CancellationToken cancel)
        {
            var mask = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = system };
            if (sourceId is not null)
                mask["source_id"] = sourceId;
            var metadata = JsonSerializer.Serialize(mask);
            foreach (var status in Statuses)
            {
                var filter = new MemoryListFilter(Status: status, UserId: user) { Metadata = metadata };
                await foreach (var there in memory.EnumerateMemoriesAsync(filter, cancel))
                    yield return there;
            }
        }
    }
}
