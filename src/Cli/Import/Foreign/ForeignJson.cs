using System.Globalization;
using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Import.Foreign;

/// <summary>Reads members that may be missing, null or of another type, as exports of several versions have them.</summary>
internal static class ForeignJson
{
    /// <summary>The first of the members that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in names)
        {
            if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                return value;
        }

        return null;
    }

    /// <summary>The first of the members that is a text.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Member(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    /// <summary>The elements of the first of the members that is an array; none when there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Member(name) is { ValueKind: JsonValueKind.Array } array)
                return array.EnumerateArray();
        }

        return [];
    }

    /// <summary>A time as a text with or without an offset (then UTC), or as seconds since 1970.</summary>
    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.Member(names) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 32_503_680_000)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        if (value.ValueKind != JsonValueKind.String)
            return null;
        var text = value.GetString();
        if (Rfc3339.TryParse(text, out var time))
            return time;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time) ? time : null;
    }

    /// <summary>The text of a message's content: itself, or its parts that are texts.</summary>
    public static string? ContentText(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray()
            .Select(static part => part.ValueKind == JsonValueKind.String ? part.GetString() : part.Text("text"))
            .Where(static text => !string.IsNullOrWhiteSpace(text))),
        _ => null,
    };
}
