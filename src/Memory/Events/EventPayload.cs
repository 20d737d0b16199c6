using System.Buffers;
using System.Text.Json;

namespace MemoryOrleans.Events;

/// <summary>
/// An event as others read it: <c>type</c>, <c>timestamp</c>, <c>tenant</c>, <c>seq</c>, and ids and kinds under <c>data</c>.
/// </summary>
public static class EventPayload
{
    /// <param name="content">Of the memory, as it is now, for those who asked for it; null: left out.</param>
    public static byte[] Of(string tenant, MemoryEvent told, string? content = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Kind);
            json.WriteString("timestamp", told.At.UtcDateTime);
            json.WriteString("tenant", tenant);
            json.WriteNumber("seq", told.Seq);
            json.WriteStartObject("data");
            WriteData(json, told);
            if (content is not null)
                json.WriteString("content", content);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteData(Utf8JsonWriter json, MemoryEvent told)
    {
        switch (told.Kind)
        {
            case EventKinds.SessionDistilled:
                json.WriteString("session_id", told.Subject);
                json.WriteNumber("distilled_seq", told.Number);
                WriteOwner(json, told);
                break;
            case EventKinds.JobDead:
                json.WriteString("job_id", told.Subject);
                json.WriteString("kind", told.SubjectKind);
                json.WriteString("subject", told.Other);
                json.WriteNumber("attempts", told.Number);
                break;
            case EventKinds.WebhookTest:
                json.WriteString("webhook_id", told.Subject);
                break;
            default:
                json.WriteString("memory_id", told.Subject);
                json.WriteString("kind", told.SubjectKind);
                json.WriteNumber("version", told.Number);
                WriteOwner(json, told);
                json.WriteString("session_id", told.SessionId);
                if (told.Kind == EventKinds.MemorySuperseded)
                    json.WriteString("superseded_by", told.Other);
                break;
        }
    }

    private static void WriteOwner(Utf8JsonWriter json, MemoryEvent told)
    {
        json.WriteString("user_id", told.UserId);
        json.WriteString("agent_id", told.AgentId);
    }
}
