using System.Globalization;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Silo.Configuration;

/// <summary>Settings of the form NAME=VALUE, separated by commas; no name twice.</summary>
internal static class SettingPairs
{
    /// <summary>False when a pair is malformed, is there twice, or has a value that does not parse.</summary>
    public static bool TryParse<T>(string text, SettingParser<T> parse, out IReadOnlyDictionary<string, T> value)
    {
        var pairs = new Dictionary<string, T>(StringComparer.Ordinal);
        value = pairs;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var halves = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (halves is not [{ Length: > 0 } name, var one] || !parse(one, out var parsed) || !pairs.TryAdd(name, parsed))
                return false;
        }

        return pairs.Count > 0;
    }

    /// <summary>A number within the range.</summary>
    public static bool TryNumber(string text, SettingRange range, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && range.Check(value) is null;
}
