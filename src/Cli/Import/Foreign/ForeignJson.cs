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
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> names) =>
        element.Array(names)?.EnumerateArray().AsEnumerable() ?? [];

    /// <summary>The first of the members that is an array, or a page whose items are one.</summary>
    public static JsonElement? Array(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var value = element.Member(name);
            var array = value is { ValueKind: JsonValueKind.Object } page ? page.Member("items", "results") : value;
            if (array is { ValueKind: JsonValueKind.Array })
                return array;
        }

        return null;
    }

    /// <summary>The elements of an array, of an object's first member that is one, or of a list of such objects, as pages are.</summary>
    public static IEnumerable<JsonElement> Paged(this JsonElement root, params string[] names) => root.ValueKind != JsonValueKind.Array
        ? root.Items(names)
        : root.EnumerateArray().SelectMany(each => each.Array(names) is { } page ? page.EnumerateArray().AsEnumerable() : [each]);

    /// <summary>A time as a text with or without an offset (then UTC), or as seconds or milliseconds since 1970.</summary>
    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.Member(names) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
            return OfNumber(number);
        if (value.ValueKind != JsonValueKind.String)
            return null;
        var text = value.GetString();
        if (Rfc3339.TryParse(text, out var time))
            return time;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out time) ? time : null;
    }

    /// <summary>The text of a message's content: itself, or its parts that are texts; what was thought or attached is none.</summary>
    public static string? ContentText(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray()
            .Select(static part => part.ValueKind == JsonValueKind.String ? part.GetString() : TextOf(part))
            .Where(static text => !string.IsNullOrWhiteSpace(text))),
        _ => null,
    };

    private static string? TextOf(JsonElement part) =>
        part.Text("type") is null or "text" or "input_text" or "output_text" ? part.Text("text") : null;

    // Seconds up to the year 3000, milliseconds beyond.
    private static DateTimeOffset? OfNumber(double number) => number switch
    {
        > 0 and < 32_503_680_000 => DateTimeOffset.UnixEpoch.AddTicks((long)(number * TimeSpan.TicksPerSecond)),
        >= 32_503_680_000 and < 32_503_680_000_000 => DateTimeOffset.UnixEpoch.AddTicks((long)(number * TimeSpan.TicksPerMillisecond)),
        _ => null,
    };
}
