using System.Text.Json;

namespace MemoryOrleans;

/// <summary>What metadata must be, whichever way they come in: a JSON object of at most 16 KiB.</summary>
public static class MetadataRules
{
    /// <summary>Bytes of metadata as canonical JSON in UTF-8.</summary>
    public const int BytesMax = 16 * 1024;

    /// <summary>
    /// What is wrong with <paramref name="metadata"/>, or null; then <paramref name="canonical"/> is what is kept of them.
    /// </summary>
    public static string? FaultIn(JsonElement metadata, out string? canonical)
    {
        canonical = null;
        if (metadata.ValueKind != JsonValueKind.Object)
            return "must be a JSON object";
        if (!CanonicalJson.TryWrite(metadata, BytesMax, out var text))
            return $"must take at most {BytesMax} bytes, with no NUL and no lone surrogate in it";
        canonical = text;
        return null;
    }

    /// <summary>The same of an object's text; null is none.</summary>
    public static string? FaultIn(string? metadata)
    {
        if (metadata is null)
            return null;

        // White space aside, the text is as long as its canonical form. What is far longer is not worth parsing.
        if (metadata.Length > 4 * BytesMax)
            return $"must take at most {BytesMax} bytes";
        using var document = JsonDocument.Parse(metadata);
        return FaultIn(document.RootElement, out _);
    }
}
