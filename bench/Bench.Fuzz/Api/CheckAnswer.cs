using System.Text.Json;

namespace MemoryOrleans.Bench.Fuzz.Api;

/// <summary>What every answer must be, whatever was sent.</summary>
internal static class CheckAnswer
{
    // A refusal repeats little of what it refuses.
    private const int RefusalMax = 16_384;

    private static readonly HashSet<string> Designed503 = ["overloaded", "store_unavailable", "embedder_unavailable", "not_ready"];

    /// <summary>What is wrong, or null; <paramref name="answer"/> is the JSON, where it is some.</summary>
    /// <param name="others">Marks of the other tenants.</param>
    public static string? FindFault(
        int status, string? mediaType, bool hasRequestId, string text, IEnumerable<string> others, out JsonElement answer)
    {
        answer = default;
        // The server refuses by itself what is no HTTP, before the pipeline, and closes the connection.
        if (status is 400 or 431 or 414 && text.Length == 0 && !hasRequestId)
            return null;
        if (!hasRequestId)
            return "has no X-Request-Id";
        if (others.FirstOrDefault(mark => text.Contains(mark, StringComparison.Ordinal)) is { } mark)
            return $"shows a text of another tenant ({mark})";
        if (mediaType is "application/json" or "application/problem+json" && !TryParse(text, out answer))
            return "is no JSON";
        if (mediaType is "application/x-ndjson"
            && text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(static line => !TryParse(line, out _)))
            return "has a line that is no JSON";
        return status < 400 ? null : FindFaultOfRefusal(status, mediaType, text, answer);
    }

    private static string? FindFaultOfRefusal(int status, string? mediaType, string text, JsonElement answer)
    {
        if (text.Length > RefusalMax)
            return $"is a refusal of {text.Length} characters";
        var code = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("code", out var named) ? named.ToString() : null;
        if (status >= 500 && (status != 503 || code is null || !Designed503.Contains(code)))
            return $"is {status} {code}: {text}";
        var isOfTools = status < 500 && answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("jsonrpc", out _);
        return isOfTools || (mediaType == "application/problem+json" && code is not null)
            ? null : $"is {status} without a problem: {mediaType} {text}";
    }

    // Strings are read too: an escaped half of a surrogate pair parses, and cannot be read.
    private static bool TryParse(string text, out JsonElement json)
    {
        json = default;
        try
        {
            json = JsonElement.Parse(text);
            Read(json);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                    Read(item);
                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
            default:
                break;
        }
    }
}
