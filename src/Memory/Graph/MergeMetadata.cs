using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MemoryOrleans.Graph;

/// <summary>Merges top-level members of two canonical JSON objects; the later one's win.</summary>
internal static class MergeMetadata
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Canonical JSON again: members sorted by name, values as they were written.</summary>
    public static string? Merge(string? held, string? added)
    {
        if (held is null || added is null)
            return added ?? held;
        using var below = JsonDocument.Parse(held);
        using var above = JsonDocument.Parse(added);
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in below.RootElement.EnumerateObject().Concat(above.RootElement.EnumerateObject()))
            members[member.Name] = member.Value;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
