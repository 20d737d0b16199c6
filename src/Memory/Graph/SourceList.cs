using System.Buffers;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Graph;

/// <summary>The turns an observation cites as stores keep them: JSON like <c>[["session","turn",3]]</c>, null for none.</summary>
public static class SourceList
{
    public static string? Write(IReadOnlyList<SourceTurn> sources)
    {
        if (sources.Count == 0)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var source in sources)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(source.SessionId);
                writer.WriteStringValue(source.TurnId);
                writer.WriteNumberValue(source.Seq);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyList<SourceTurn> Read(string? text)
    {
        if (text is null)
            return [];
        using var document = JsonDocument.Parse(text);
        return document.RootElement.EnumerateArray()
            .Select(static source => new SourceTurn(source[0].GetString()!, source[1].GetString()!, source[2].GetInt64()))
            .ToArray();
    }
}
