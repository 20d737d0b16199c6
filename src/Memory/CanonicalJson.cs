using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MemoryOrleans;

/// <summary>
/// The one form in which a JSON value from a caller is kept and compared: no white space, members sorted by name,
/// strings escaped only where they must be, numbers as they were written.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <paramref name="value"/> in that form; false when it holds text that cannot be stored (a NUL or a lone
    /// surrogate) or takes more than <paramref name="bytesMax"/> bytes of UTF-8.
    /// </summary>
    public static bool TryWrite(JsonElement value, int bytesMax, out string text)
    {
        text = string.Empty;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            if (!TryWrite(value, writer, bytesMax))
                return false;
        }

        if (buffer.WrittenCount > bytesMax)
            return false;
        text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    // Ends at the first value beyond the limit: what is too large is not worth writing to its end.
    private static bool TryWrite(JsonElement value, Utf8JsonWriter writer, int bytesMax) =>
        writer.BytesCommitted + writer.BytesPending <= bytesMax && value.ValueKind switch
        {
            JsonValueKind.Object => TryWriteObject(value, writer, bytesMax),
            JsonValueKind.Array => TryWriteArray(value, writer, bytesMax),
            JsonValueKind.String => TryWriteString(value, writer),
            _ => WritePlain(value, writer),
        };

    private static bool TryWriteObject(JsonElement value, Utf8JsonWriter writer, int bytesMax)
    {
        // Sorting hundreds of thousands of members, only to refuse them, would take seconds: one takes four bytes at least.
        if (value.GetPropertyCount() > bytesMax / 4)
            return false;
        writer.WriteStartObject();
        var members = new List<JsonProperty>(value.EnumerateObject());
        if (!members.TrueForAll(m => TextOf(() => m.Name) is not null))
            return false;
        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var member in members)
        {
            writer.WritePropertyName(member.Name);
            if (!TryWrite(member.Value, writer, bytesMax))
                return false;
        }

        writer.WriteEndObject();
        return true;
    }

    private static bool TryWriteArray(JsonElement value, Utf8JsonWriter writer, int bytesMax)
    {
        writer.WriteStartArray();
        foreach (var element in value.EnumerateArray())
        {
            if (!TryWrite(element, writer, bytesMax))
                return false;
        }

        writer.WriteEndArray();
        return true;
    }

    private static bool TryWriteString(JsonElement value, Utf8JsonWriter writer)
    {
        if (TextOf(value.GetString) is not { } text)
            return false;
        writer.WriteStringValue(text);
        return true;
    }

    private static bool WritePlain(JsonElement value, Utf8JsonWriter writer)
    {
        value.WriteTo(writer);
        return true;
    }

    /// <summary>The text, or null when it cannot be stored. The reader refuses escaped lone surrogates by throwing.</summary>
    private static string? TextOf(Func<string?> read)
    {
        try
        {
            var text = read();
            return text is not null && TextRules.IsStorable(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
