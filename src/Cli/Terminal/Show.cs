using System.Globalization;

namespace MemoryOrleans.Cli.Terminal;

/// <summary>Values as tables show them.</summary>
internal static class Show
{
    private const int ContentLengthMax = 400;

    /// <summary>UTC, to the second; empty for none.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A part of 1, with two decimals.</summary>
    public static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A content, cut where it is long; --json has all of it.</summary>
    public static string Content(string content)
    {
        if (content.Length <= ContentLengthMax)
            return content;
        return content[..(char.IsHighSurrogate(content[ContentLengthMax - 1]) ? ContentLengthMax - 1 : ContentLengthMax)] + "…";
    }
}
