using System.Text;
using System.Text.Json;

namespace MemoryOrleans.Events;

/// <summary>A webhook as a store keeps it: a JSON object, whose members that this release does not know are passed over.</summary>
public static class WebhookColumn
{
    /// <summary>
    /// The kinds it is told of, as stores look for one in it: each between two spaces; empty while it is not told of any.
    /// </summary>
    public static string KindsOf(Webhook webhook) => webhook.IsEnabled ? $" {string.Join(' ', webhook.Events)} " : string.Empty;

    public static string Of(Webhook webhook)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", webhook.Id);
            json.WriteNumber("version", webhook.Version);
            json.WriteString("url", webhook.Url);
            json.WriteString("name", webhook.Name);
            json.WriteStartArray("events");
            foreach (var kind in webhook.Events)
                json.WriteStringValue(kind);
            json.WriteEndArray();
            json.WriteBoolean("includes_content", webhook.IncludesContent);
            json.WriteBoolean("is_enabled", webhook.IsEnabled);
            WriteTime(json, "made_at", webhook.MadeAt);
            json.WriteString("made_by", webhook.MadeBy);
            json.WriteBase64String("secret", webhook.Secret);
            WriteTime(json, "rotated_at", webhook.RotatedAt);
            if (webhook.Previous is { } previous)
                json.WriteBase64String("previous", previous);
            WriteTime(json, "previous_until", webhook.PreviousUntil);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static Webhook Read(string column)
    {
        using var document = JsonDocument.Parse(column);
        var json = document.RootElement;
        return new Webhook(
            json.GetProperty("id").GetString()!, json.GetProperty("url").GetString()!,
            [.. json.GetProperty("events").EnumerateArray().Select(static kind => kind.GetString()!)], ReadTime(json, "made_at")!.Value,
            json.GetProperty("made_by").GetString()!, json.GetProperty("secret").GetBytesFromBase64())
        {
            Version = json.GetProperty("version").GetInt64(),
            Name = json.GetProperty("name").GetString()!,
            IncludesContent = json.GetProperty("includes_content").GetBoolean(),
            IsEnabled = json.GetProperty("is_enabled").GetBoolean(),
            RotatedAt = ReadTime(json, "rotated_at"),
            Previous = json.TryGetProperty("previous", out var previous) ? previous.GetBytesFromBase64() : null,
            PreviousUntil = ReadTime(json, "previous_until"),
        };
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteNumber(name, Timestamp.Of(known));
    }

    private static DateTimeOffset? ReadTime(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) ? Timestamp.Read(time.GetInt64()) : null;
}
