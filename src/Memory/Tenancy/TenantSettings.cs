using System.Text.Json;

namespace MemoryOrleans.Tenancy;

/// <summary>What an operator may set for one tenant; null: as many as can be.</summary>
/// <param name="TurnsPerMinuteMax">Turns that may be appended in a minute over all processes, 1..10,000,000.</param>
public sealed record TenantSettings(int? TurnsPerMinuteMax = null)
{
    public const int TurnsPerMinuteLeast = 1;
    public const int TurnsPerMinuteMost = 10_000_000;

    private const string TurnsPerMinuteName = "turns_per_minute_max";

    /// <summary>How long processes go by settings they have read.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>What is out of range, by the name callers know the field by; null when nothing is.</summary>
    public MemoryError? FindError() => TurnsPerMinuteMax is < TurnsPerMinuteLeast or > TurnsPerMinuteMost
        ? new MemoryError(
            ErrorCode.InvalidInput, $"It must be {TurnsPerMinuteLeast} to {TurnsPerMinuteMost} turns, or null for no limit.", TurnsPerMinuteName)
        : null;

    /// <summary>As a store keeps it: a JSON object with what is set.</summary>
    public string ToColumn() => TurnsPerMinuteMax is { } most ? $$"""{"{{TurnsPerMinuteName}}":{{most}}}""" : "{}";

    /// <summary>Settings from a store's column; members that this release does not know are passed over.</summary>
    public static TenantSettings FromColumn(string column)
    {
        using var document = JsonDocument.Parse(column);
        return new TenantSettings(
            document.RootElement.TryGetProperty(TurnsPerMinuteName, out var most) && most.TryGetInt32(out var turns) ? turns : null);
    }
}
