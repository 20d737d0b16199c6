using System.Text.Json;

namespace MemoryOrleans.Recall;

/// <summary>Compares top-level members of a turn's metadata with wanted values, each given as JSON.</summary>
internal static class MetadataFilter
{
    /// <param name="wanted">Member name to its JSON; null: everything passes.</param>
    /// <param name="metadata">JSON of an object, or null.</param>
    public static bool Allows(IReadOnlyDictionary<string, string>? wanted, string? metadata)
    {
        if (wanted is null || wanted.Count == 0)
            return true;
        if (metadata is null)
            return false;
        using var held = JsonDocument.Parse(metadata);
        foreach (var (name, json) in wanted)
        {
            using var value = JsonDocument.Parse(json);
            if (!held.RootElement.TryGetProperty(name, out var member) || !AreEqual(member, value.RootElement))
                return false;
        }

        return true;
    }

    // Numbers compare by value, save those whose exponent is beyond what the runtime reads: they compare as written.
    private static bool AreEqual(JsonElement held, JsonElement wanted)
    {
        try
        {
            return JsonElement.DeepEquals(held, wanted);
        }
        catch (ArgumentOutOfRangeException)
        {
            return held.GetRawText() == wanted.GetRawText();
        }
    }
}
