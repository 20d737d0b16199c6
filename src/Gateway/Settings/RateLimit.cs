using System.Globalization;

namespace MemoryOrleans.Gateway.Settings;

/// <summary>So many requests in a window of time, written <c>200/minute</c>.</summary>
public sealed record RateLimit(int Requests, TimeSpan Window)
{
    /// <summary>What a rate limit looks like, as the end of the sentence "must be …".</summary>
    public const string Form = "N/second, N/minute or N/hour with N from 1 to 1000000, or none";

    private const int RequestsMax = 1_000_000;

    /// <summary>Reads a limit; <c>none</c> is null.</summary>
    public static bool TryParse(string text, out RateLimit? limit)
    {
        limit = null;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return true;
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var requests)
            || requests is < 1 or > RequestsMax
            || WindowOf(parts[1]) is not { } window)
        {
            return false;
        }

        limit = new RateLimit(requests, window);
        return true;
    }

    private static TimeSpan? WindowOf(string unit) => unit.ToUpperInvariant() switch
    {
        "SECOND" => TimeSpan.FromSeconds(1),
        "MINUTE" => TimeSpan.FromMinutes(1),
        "HOUR" => TimeSpan.FromHours(1),
        _ => null,
    };
}
