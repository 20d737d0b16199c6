namespace MemoryOrleans.Transfer;

/// <summary>What a batch of records comes to, or the first of them that cannot be imported.</summary>
/// <param name="Added">Of the batch's records, those the tenant does not have yet.</param>
internal readonly record struct ImportPlan<T>(IReadOnlyList<T> Writes, TransferCounts Added);

/// <summary>Errors that name the line and the field that stand in the way.</summary>
internal static class ImportErrors
{
    public static MemoryError Conflict(long line, string field, string detail) => Of(ErrorCode.Conflict, line, field, detail);

    public static MemoryError Invalid(long line, string field, string detail) => Of(ErrorCode.InvalidInput, line, field, detail);

    public static MemoryError Different(long line) => Conflict(line, "id", "names something that the tenant has with other content");

    private static MemoryError Of(ErrorCode code, long line, string field, string detail) =>
        new(code, $"Line {line}: {field} {detail}.", ArchiveReader.FieldOf(line, field));
}
