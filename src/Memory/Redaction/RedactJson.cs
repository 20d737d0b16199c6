using System.Text.Json;
using System.Text.Json.Nodes;

namespace MemoryOrleans.Redaction;

/// <summary>
/// Redacts the texts, names and numbers of a JSON value. Numbers that hold something become texts; of two names that become one, the last
/// counts.
/// </summary>
internal static class RedactJson
{
    /// <summary>Canonical JSON again, or the same text when nothing was found.</summary>
    public static string Of(string json, Redactor redactor)
    {
        var before = redactor.Counts;
        var redacted = Of(JsonNode.Parse(json), redactor);
        if (redactor.Counts == before)
            return json;
        using var document = JsonDocument.Parse(redacted?.ToJsonString() ?? "null");
        return CanonicalJson.TryWrite(document.RootElement, int.MaxValue, out var text) ? text : "{}";
    }

    private static JsonNode? Of(JsonNode? node, Redactor redactor)
    {
        switch (node)
        {
            case JsonObject members:
                var made = new JsonObject();
                foreach (var (name, value) in members)
                    made[redactor.Of(name)] = Of(value, redactor);
                return made;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Of(item, redactor))]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return JsonValue.Create(redactor.Of(value.GetValue<string>()));
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                var (number, counts) = (value.ToJsonString(), redactor.Counts);
                var kept = redactor.Of(number);
                return redactor.Counts == counts ? value.DeepClone() : JsonValue.Create(kept);
            default:
                return node?.DeepClone();
        }
    }
}
