namespace MemoryOrleans.Contracts;

/// <summary>How many records of each kind.</summary>
/// <param name="Session">Sessions.</param>
/// <param name="Turn">Turns.</param>
/// <param name="DeletedSession">Sessions that were deleted.</param>
/// <param name="Memory">Versions of memories; likewise relations.</param>
/// <param name="Entity">Entities.</param>
/// <param name="Observation">Observations.</param>
/// <param name="Relation">Versions of relations.</param>
public sealed record TransferCountsResponse(
    long Session, long Turn, long DeletedSession, long Memory, long Entity, long Observation, long Relation);

/// <summary>What an import read and did.</summary>
/// <param name="Tenant">The tenant imported into.</param>
/// <param name="SourceTenant">The tenant exported.</param>
/// <param name="ExportedAt">When it was exported.</param>
/// <param name="Records">The records of the export.</param>
/// <param name="Added">Those the tenant did not have; all others were there already.</param>
/// <param name="RecordsSha256">SHA-256 of the record lines, which another export of the same content has as well.</param>
public sealed record ImportResponse(
    string Tenant,
    string SourceTenant,
    DateTimeOffset ExportedAt,
    TransferCountsResponse Records,
    TransferCountsResponse Added,
    string RecordsSha256);
