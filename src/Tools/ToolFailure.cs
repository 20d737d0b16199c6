using System.Globalization;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Client;

namespace MemoryOrleans.Tools;

/// <summary>What a model is told when the memory refuses: what is wrong, and the one thing to do now.</summary>
internal static class ToolFailure
{
    public static string Describe(MemoryApiException refusal)
    {
        var text = new StringBuilder("Not done: ").Append(refusal.Problem.Detail);
        foreach (var error in refusal.Errors.Skip(1))
            text.Append(CultureInfo.InvariantCulture, $" {error.Field} {error.Message}.");
        return text.Append(' ').Append(Advice(refusal)).ToString();
    }

    public static string Describe(JsonException wrong)
    {
        var field = wrong.Path is { Length: > 2 } path ? path[2..] : null;
        if (field is not null)
            return $"Not done: the argument {field} is not of the type that the tool's schema asks for. Correct it and call again.";
        return $"Not done: {FirstSentence(wrong.Message)} Correct the arguments after the tool's schema and call again.";
    }

    private static string Advice(MemoryApiException refusal) => refusal.Code switch
    {
        "invalid_input" or "unknown_field" or "malformed_json" => "Correct that and call again.",
        "not_found" => "Use ids exactly as recall, list_memories or search_entities answered them; what was forgotten is gone.",
        "unauthenticated" => "The memory's API key is missing or wrong. Tell the user; calling again does not help.",
        "insufficient_scope" => "This memory's API key does not allow it. Tell the user; calling again does not help.",
        "rate_limited" or "overloaded" or "store_unavailable" or "not_ready" or "request_timeout" or "embedder_unavailable"
        or "store_corrupt" =>
            refusal.RetryAfter is { } wait
                ? string.Create(CultureInfo.InvariantCulture,
                $"Call again in {Math.Ceiling(wait.TotalSeconds)} s, once; else go on without the memory.")
                : "Call again later, once; else go on without the memory.",
        "precondition_failed" or "conflict" => "It has changed meanwhile: read it again, then decide.",
        "name_conflict" => "Use the entity of that name instead.",
        _ => refusal.Status >= 500 ? "Go on without the memory, and tell the user." : "Do not repeat the same call.",
    };

    // The first sentence names the members; what follows names types and lines of ours.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        var first = end < 0 ? message : message[..(end + 1)];
        return first.Replace("JSON deserialization for type", "the arguments", StringComparison.Ordinal);
    }
}
