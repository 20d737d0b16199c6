using System.Text.Json;

namespace MemoryOrleans.Tenancy;

/// <summary>A key as a store keeps it: a JSON object, whose members that this release does not know are passed over.</summary>
public static class KeyColumn
{
    /// <summary>
    /// The number by which a store finds keys that have ended: microseconds, or the greatest number for one without an end.
    /// </summary>
    public static long EndOf(ApiKey key) => Timestamp.Of(key.EndsAt) ?? long.MaxValue;

    public static string Of(ApiKey key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", key.Id);
            json.WriteNumber("version", key.Version);
            json.WriteString("name", key.Name);
            WriteList(json, "scopes", key.Scopes);
            WriteList(json, "users", key.Users);
            WriteList(json, "agents", key.Agents);
            json.WriteBoolean("requires_user", key.RequiresUser);
            WriteTime(json, "made_at", key.MadeAt);
            json.WriteString("made_by", key.MadeBy);
            WriteTime(json, "expires_at", key.ExpiresAt);
            WriteTime(json, "revoked_at", key.RevokedAt);
            WriteTime(json, "rotated_at", key.RotatedAt);
            WriteTime(json, "previous_until", key.PreviousUntil);
            WriteSecret(json, "secret", key.Secret);
            WriteSecret(json, "previous", key.Previous);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static ApiKey Read(string column)
    {
        using var document = JsonDocument.Parse(column);
        var json = document.RootElement;
        return new ApiKey(
            json.GetProperty("id").GetString()!, json.GetProperty("name").GetString()!, ReadList(json, "scopes"),
            ReadTime(json, "made_at")!.Value,
            json.GetProperty("made_by").GetString()!, ReadSecret(json, "secret")!)
        {
            Version = json.GetProperty("version").GetInt64(),
            Users = ReadList(json, "users"),
            Agents = ReadList(json, "agents"),
            RequiresUser = json.GetProperty("requires_user").GetBoolean(),
            ExpiresAt = ReadTime(json, "expires_at"),
            RevokedAt = ReadTime(json, "revoked_at"),
            RotatedAt = ReadTime(json, "rotated_at"),
            PreviousUntil = ReadTime(json, "previous_until"),
            Previous = ReadSecret(json, "previous"),
        };
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> entries)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries)
            json.WriteStringValue(entry);
        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteNumber(name, Timestamp.Of(known));
    }

    private static void WriteSecret(Utf8JsonWriter json, string name, KeySecret? secret)
    {
        if (secret is null)
            return;
        json.WriteStartObject(name);
        json.WriteBase64String("salt", secret.Salt);
        json.WriteBase64String("hash", secret.Hash);
        json.WriteEndObject();
    }

    private static string[] ReadList(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(static entry => entry.GetString()!)];

    private static DateTimeOffset? ReadTime(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) ? Timestamp.Read(time.GetInt64()) : null;

    private static KeySecret? ReadSecret(JsonElement json, string name) => json.TryGetProperty(name, out var secret)
        ? new KeySecret(secret.GetProperty("salt").GetBytesFromBase64(), secret.GetProperty("hash").GetBytesFromBase64())
        : null;
}
