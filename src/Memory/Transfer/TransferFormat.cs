namespace MemoryOrleans.Transfer;

/// <summary>
/// The transfer format's fixed words and numbers. A file is lines of JSON, each ended by one line feed: a header, records with
/// checkpoints between them, and a trailer. Checksums are SHA-256 in lower-case hex, over lines with their line feeds:
/// <c>records_sha256</c> over all record lines so far, the trailer's <c>sha256</c> over all bytes before it.
/// </summary>
public static class TransferFormat
{
    public const string Name = "memory-orleans-export";
    public const int Version = 1;

    /// <summary>Most records between two checkpoints.</summary>
    public const int CheckpointRecords = 1_000;

    /// <summary>A checkpoint also follows once this many bytes of records have come since the last one.</summary>
    public const int CheckpointBytes = 4 * 1024 * 1024;

    public const string Session = "session";
    public const string Turn = "turn";
    public const string DeletedSession = "deleted_session";
    public const string Memory = "memory";
    public const string Entity = "entity";
    public const string Observation = "observation";
    public const string Relation = "relation";
    public const string Checkpoint = "checkpoint";
    public const string Trailer = "trailer";

    /// <summary>The media type of newline-delimited JSON.</summary>
    public const string MediaType = "application/x-ndjson";
}

/// <summary>The first line.</summary>
/// <param name="Tenant">Whose records they were; they may be imported as another's.</param>
/// <param name="ExportedAt">Just before the export's view of the store was taken.</param>
public sealed record TransferHeader(string Tenant, DateTimeOffset ExportedAt);

/// <summary>The last line.</summary>
public sealed record TransferTrailer(TransferCounts Counts, string RecordsSha256, string Sha256);
