using MemoryOrleans.Redaction;

namespace MemoryOrleans.Transfer;

/// <summary>What an import read and did.</summary>
/// <param name="Header">Of the file.</param>
/// <param name="Trailer">Of the file: its counts and checksums.</param>
/// <param name="Added">The records the tenant did not have; all others were there already.</param>
public sealed record ImportReport(TransferHeader Header, TransferTrailer Trailer, TransferCounts Added);

/// <summary>
/// Brings an export into a tenant, which may have another name. Nothing is written that its checksum has not confirmed;
/// what a checkpoint confirmed is written before the next lines are read. What is there already stays as it is, so that an
/// import that was interrupted is simply done again. The first record that does not fit ends it: nothing between its
/// checkpoint and the one before is written, what came earlier stays.
/// </summary>
/// <param name="redaction">What is taken out of records before anything is done with them; null: nothing.</param>
public sealed class ImportTenant(TransferPorts stores, TimeProvider clock, IRedaction? redaction = null)
{
    /// <param name="lineBytesMax">The longest line taken, in bytes.</param>
    /// <param name="progress">Told how many records have been brought in, after each checkpoint.</param>
    /// <returns>InvalidInput when the file is not in order, Conflict when the tenant has something else in a record's place; both
    /// name line and field. Overloaded and StoreUnavailable are worth another try.</returns>
    public async Task<Outcome<ImportReport>> RunAsync(
        string tenant, Stream from, int lineBytesMax, IProgress<TransferCounts>? progress, CancellationToken cancel)
    {
        using var archive = new ArchiveReader(clock.GetUtcNow());
        var write = new WriteImport(tenant, stores, clock);
        var added = new TransferCounts();
        try
        {
            await foreach (var line in ReadLines.OfAsync(from, lineBytesMax, cancel))
            {
                if (archive.Accept(line) is { } wrong)
                    return wrong;
                if (archive.TakeVerified() is not { Count: > 0 } records)
                    continue;
                var redacted = await RedactAsync(tenant, records, cancel);
                if (!redacted.IsSuccess)
                    return redacted.Error;
                var written = await write.RunAsync(redacted.Value, cancel);
                if (!written.IsSuccess)
                    return written.Error;
                added += written.Value;
                progress?.Report(archive.Counts);
            }
        }
        catch (LineTooLongException tooLong)
        {
            return new MemoryError(ErrorCode.InvalidInput, tooLong.Message, $"lines[{tooLong.Line}]");
        }

        return archive.End() is { } open ? open : new ImportReport(archive.Header!, archive.Trailer!, added);
    }

    private async ValueTask<Outcome<IReadOnlyList<NumberedRecord>>> RedactAsync(
        string tenant, IReadOnlyList<NumberedRecord> records, CancellationToken cancel)
    {
        if (redaction is null || await redaction.PacksOfAsync(tenant, cancel) is var packs && packs == RedactionPacks.None)
            return Outcome.Of(records);
        var redactor = new Redactor(packs);
        var redacted = RedactRecords.Of(records, redactor, clock.GetUtcNow());
        if (redacted.IsSuccess)
            redaction.Note(redactor.Counts);
        return redacted;
    }
}
