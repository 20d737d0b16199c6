namespace MemoryOrleans.Memories;

internal static class MemoryErrors
{
    /// <summary>Erased, absent and another tenant's look the same.</summary>
    public static readonly MemoryError NotFound = new(ErrorCode.NotFound, "There is no such memory.");

    public static MemoryError Invalid(string field, string detail) => new(ErrorCode.InvalidInput, detail, field);

    /// <summary>The error that keeps an operation from this version; null when there is none.</summary>
    public static MemoryError? Of(MemoryRecord? current, long? ifMatchVersion)
    {
        if (current is null || current.Status == MemoryStatus.Erased)
            return NotFound;
        return ifMatchVersion is { } wanted && wanted != current.Version
            ? new MemoryError(ErrorCode.PreconditionFailed, $"The memory's version is {current.Version}.", "If-Match")
            : null;
    }

    public static MemoryError? OfImportance(double? importance) => importance is not null and not (>= 0 and <= 1)
        ? Invalid("importance", "It must lie within 0..1.")
        : null;

    public static MemoryError? OfValidity(DateTimeOffset from, DateTimeOffset? to) => to < from
        ? Invalid("valid_to", "It must not be before valid_from.")
        : null;

    public static MemoryError? OfContent(string? content) => content is not null && string.IsNullOrWhiteSpace(content)
        ? Invalid("content", "It must not be empty.")
        : null;
}
