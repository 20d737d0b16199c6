using System.Security.Cryptography;
using System.Text.Json;

namespace MemoryOrleans.Transfer;

/// <summary>A record and the line it stood in, counted from 1.</summary>
public readonly record struct NumberedRecord(long Line, TransferRecord Record);

/// <summary>
/// Reads an export line by line. Records are handed out (<see cref="TakeVerified"/>) only once a checkpoint or the trailer
/// after them has confirmed their checksum, so that nobody acts on what was tampered with or cut off.
/// </summary>
/// <param name="importedAt">The time of an import, for which records must be such as the API takes too; null: any that is whole.</param>
public sealed class ArchiveReader(DateTimeOffset? importedAt = null) : IDisposable
{
    private readonly IncrementalHash ofAll = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash ofRecords = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CheckOrder order = new();
    private List<NumberedRecord> waiting = [];
    private List<NumberedRecord> verified = [];
    private long bytesWaiting;

    public TransferHeader? Header { get; private set; }

    public TransferTrailer? Trailer { get; private set; }

    /// <summary>Records read so far, verified or not.</summary>
    public TransferCounts Counts { get; private set; } = new();

    /// <summary>Lines read so far.</summary>
    public long Line { get; private set; }

    /// <summary>How errors name a field of a line.</summary>
    public static string FieldOf(long line, string field) => $"lines[{line}].{field}";

    /// <summary>Takes the next line, without its line feed. The error is InvalidInput and names line and field.</summary>
    public MemoryError? Accept(ReadOnlyMemory<byte> line)
    {
        Line++;
        if (Trailer is not null)
            return Wrong("kind", "comes after the trailer");
        if (JsonUnicode.FaultIn(line) is { } fault)
            return Wrong(fault.Length > 0 ? fault : "kind", JsonUnicode.Detail);
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? Wrong("kind", "is missing: a line is a JSON object")
                : Accept(document.RootElement, line.Span);
        }
        catch (JsonException)
        {
            return Line == 1 ? NoExport() : Wrong("kind", "is missing: the line is not JSON, or was cut off");
        }
    }

    /// <summary>After the last line: an error when the trailer has not come.</summary>
    public MemoryError? End()
    {
        Line++;
        if (Header is null)
            return NoExport();
        return Trailer is null ? Wrong("kind", "is missing: the export ends before its trailer, it was cut off") : null;
    }

    /// <summary>The records confirmed since the last call.</summary>
    public IReadOnlyList<NumberedRecord> TakeVerified()
    {
        var taken = verified;
        verified = [];
        return taken;
    }

    public void Dispose()
    {
        ofAll.Dispose();
        ofRecords.Dispose();
    }

    private MemoryError? Accept(JsonElement root, ReadOnlySpan<byte> line)
    {
        var fields = new LineFields(root);
        var kind = Header is null ? null : fields.Text("kind");
        var error = kind switch
        {
            null => AcceptHeader(fields),
            TransferFormat.Checkpoint => AcceptCheckpoint(fields),
            TransferFormat.Trailer => AcceptTrailer(fields),
            _ => AcceptRecord(kind, fields, line),
        };
        Append(ofAll, line);
        return error;
    }

    private MemoryError? AcceptHeader(LineFields fields)
    {
        if (fields.TextOrNull("format") != TransferFormat.Name)
            return NoExport();
        if (fields.Number("version") is var version && (fields.Fault is not null || version != TransferFormat.Version))
            return Wrong("version", $"is {version}: this release reads version {TransferFormat.Version}");
        var header = new TransferHeader(fields.Text("tenant"), fields.Time("exported_at"));
        if (Finish(fields) is { } wrong)
            return wrong;
        Header = header;
        return null;
    }

    private MemoryError? AcceptRecord(string kind, LineFields fields, ReadOnlySpan<byte> line)
    {
        if (fields.Fault is not null)
            return Finish(fields);
        if (ReadRecord.Of(kind, fields) is not { } record)
            return Wrong("kind", "is none this release knows");
        if (Finish(fields) is { } wrong)
            return wrong;
        if (importedAt is { } now && RecordRules.FaultIn(record, now) is { } refused)
            return Wrong(refused.Field, refused.Detail);
        if (order.Accept(record) is { } misplaced)
            return Wrong(misplaced.Field, misplaced.Detail);
        bytesWaiting += line.Length;
        if (waiting.Count >= TransferFormat.CheckpointRecords
            || (waiting.Count > 0 && bytesWaiting - line.Length >= TransferFormat.CheckpointBytes + waiting.Count))
            return Wrong("kind", "is a record where a checkpoint is due");
        waiting.Add(new NumberedRecord(Line, record));
        Counts += record;
        Append(ofRecords, line);
        return null;
    }

    private MemoryError? AcceptCheckpoint(LineFields fields)
    {
        var (records, sum) = (fields.Number("records"), fields.Text("records_sha256"));
        if (Finish(fields) is { } wrong)
            return wrong;
        if (records != Counts.All)
            return Wrong("records", "is not the number of records before: some are missing or were added");
        return Confirm(sum);
    }

    private MemoryError? AcceptTrailer(LineFields fields)
    {
        var counts = fields.Inner("counts");
        foreach (var (name, count) in counts is null ? [] : CountNames.Of(Counts))
        {
            if (counts!.Number(name) != count)
                counts.Refuse(name, "is not the number of records before: some are missing or were added");
        }

        if (counts is null)
            fields.Refuse("counts", "is missing");
        else
            fields.Adopt("counts", counts);
        var (ofThose, all) = (fields.Text("records_sha256"), fields.Text("sha256"));
        if (Finish(fields) is { } wrong)
            return wrong;
        if (all != Sum(ofAll))
            return Wrong("sha256", "does not agree: the export was changed after it was written");
        if (order.End() is { } open)
            return Wrong(open.Field, open.Detail);
        if (Confirm(ofThose) is { } changed)
            return changed;
        Trailer = new TransferTrailer(Counts, ofThose, all);
        return null;
    }

    private MemoryError? Confirm(string recordsSha256)
    {
        if (recordsSha256 != Sum(ofRecords))
            return Wrong("records_sha256", "does not agree: records since the last checkpoint were changed after they were written");
        if (verified.Count == 0)
            (verified, waiting) = (waiting, []);
        else
            verified.AddRange(waiting);
        waiting.Clear();
        bytesWaiting = 0;
        return null;
    }

    private MemoryError? Finish(LineFields fields)
    {
        fields.RefuseOthers();
        return fields.Fault is { } fault ? Wrong(fault.Field, fault.Detail) : null;
    }

    private MemoryError NoExport() =>
        new(ErrorCode.InvalidInput, $"Line 1 is not the header of a {TransferFormat.Name} file.", FieldOf(1, "format"));

    private MemoryError Wrong(string field, string detail) =>
        new(ErrorCode.InvalidInput, $"Line {Line}: {field} {detail}.", FieldOf(Line, field));

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> line)
    {
        hash.AppendData(line);
        hash.AppendData("\n"u8);
    }

    private static string Sum(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetCurrentHash());
}
