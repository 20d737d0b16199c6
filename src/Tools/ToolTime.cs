using System.Globalization;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Tools;

/// <summary>Times as models write them.</summary>
internal static class ToolTime
{
    /// <summary>A day, which is its beginning in UTC, or a time with an offset.</summary>
    public static DateTimeOffset? Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (Rfc3339.TryParse(text, out var time))
            return time;
        throw new ToolException($"Not done: {name} must be a day like 2025-03-14 or a time like 2025-03-14T09:26:53Z. Correct it and "
            + $"call again.");
    }
}
