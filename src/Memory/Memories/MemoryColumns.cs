using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memories;

/// <summary>The lists and the claim of a record as stores keep them: compact JSON, null when there is nothing.</summary>
public static class MemoryColumns
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For instance <c>["bread","baking"]</c>.</summary>
    public static string? OfWords(IReadOnlyList<string> words) => words.Count == 0 ? null : Write(json =>
    {
        json.WriteStartArray();
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    });

    public static IReadOnlyList<string> ReadWords(string? column) =>
        column is null ? [] : Read(column, static root => root.EnumerateArray().Select(static word => word.GetString()!).ToArray());

    /// <summary>For instance <c>[["session","turn",7]]</c>.</summary>
    public static string? OfSources(IReadOnlyList<SourceTurn> sources) => sources.Count == 0 ? null : Write(json =>
    {
        json.WriteStartArray();
        foreach (var source in sources)
        {
            json.WriteStartArray();
            json.WriteStringValue(source.SessionId);
            json.WriteStringValue(source.TurnId);
            json.WriteNumberValue(source.Seq);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    public static IReadOnlyList<SourceTurn> ReadSources(string? column) => column is null ? [] : Read(
        column,
        static root => root.EnumerateArray()
            .Select(static source => new SourceTurn(source[0].GetString()!, source[1].GetString()!, source[2].GetInt64())).ToArray());

    /// <summary>For instance <c>["user","home","berlin",true]</c>.</summary>
    public static string? OfClaim(FactClaim? claim) => claim is null ? null : Write(json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(claim.Subject);
        json.WriteStringValue(claim.Attribute);
        json.WriteStringValue(claim.Value);
        json.WriteBooleanValue(claim.IsSingleValued);
        json.WriteEndArray();
    });

    public static FactClaim? ReadClaim(string? column) => column is null ? null : Read(
        column, static root => new FactClaim(root[0].GetString()!, root[1].GetString()!, root[2].GetString()!, root[3].GetBoolean()));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static T Read<T>(string column, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(column);
        return read(document.RootElement);
    }
}
