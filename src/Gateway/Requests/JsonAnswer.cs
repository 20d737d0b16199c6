using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>Writes a JSON answer with its length, from a buffer that the thread keeps.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    private const int BufferBytesKept = 256 * 1024;
    private const int BytesAtOnce = 64 * 1024;

    // Relaxed: the answer is JSON, never part of a page, and text outside ASCII would grow sixfold when escaped.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? keptBuffer;

    [ThreadStatic]
    private static Utf8JsonWriter? keptWriter;

    public static Task AnswerAsync<T>(
        this HttpContext http, int status, T body, JsonTypeInfo<T> type, string contentType = ContentType)
    {
        var buffer = keptBuffer ??= new ArrayBufferWriter<byte>(4 * 1024);
        var writer = keptWriter ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, body, type);
        writer.Flush();

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = buffer.WrittenCount;
        if (buffer.Capacity > BufferBytesKept)
            keptBuffer = null;
        if (buffer.WrittenCount > BytesAtOnce)
        {
            keptBuffer = null;
            return WriteLargeAsync(http, buffer);
        }

        // Sent when the request completes: one write to the socket, head and body together.
        http.Response.BodyWriter.Write(buffer.WrittenSpan);
        return Task.CompletedTask;
    }

    /// <summary>200 with a probe's one word.</summary>
    public static Task AnswerStatusAsync(this HttpContext http, string status) =>
        http.AnswerAsync(StatusCodes.Status200OK, new ProbeResponse(status), MemoryJsonContext.Default.ProbeResponse);

    private static async Task WriteLargeAsync(HttpContext http, ArrayBufferWriter<byte> buffer) =>
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
}
