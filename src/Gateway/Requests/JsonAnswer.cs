using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>Writes a JSON answer with its length, from a buffer that the thread keeps.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    private const int BufferBytesKept = 256 * 1024;
    private const int BytesAtOnce = HeldBytes.Free;

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

        // Whoever does not read answers holds what there is for bodies and answers, and no more of it than one caller's share.
        if (buffer.WrittenCount > BytesAtOnce && IsRead(http) && http.GetRequestContext().Held?.TryAdd(buffer.WrittenCount) == false)
        {
            keptBuffer = null;
            keptWriter = null;
            return http.AnswerAsync(ProblemMap.Overloaded());
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;

        // It is data: should a browser show it, nothing of it is to run or to be framed.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
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

    // A write has taken place by now, and is answered so.
    private static bool IsRead(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Requirement: Requirement.Read };

    /// <summary>Writes piece by piece, each when the one before has gone, so that nothing of it is copied ahead of its reader.</summary>
    private static async Task WriteLargeAsync(HttpContext http, ArrayBufferWriter<byte> buffer)
    {
        var body = http.Response.BodyWriter;
        for (var at = 0; at < buffer.WrittenCount; at += BytesAtOnce)
        {
            var piece = buffer.WrittenMemory[at..Math.Min(at + BytesAtOnce, buffer.WrittenCount)];
            if ((await body.WriteAsync(piece, http.RequestAborted)).IsCompleted)
                return;
        }
    }
}
