using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>A request's body, read and parsed, or the problem with it.</summary>
/// <param name="Digest">SHA-256 of the bytes, when asked for.</param>
internal readonly record struct JsonBody<T>(T? Value, Problem? Problem, byte[]? Digest)
    where T : class;

/// <summary>Reads JSON bodies straight from the pipe: no stream, no string, no copy for a body that came in one piece.</summary>
internal static class JsonBody
{
    /// <summary>Longest body that is read, in bytes.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    /// <summary>
    /// Longest body that is let in. What lies between is read away unseen, so that its sender gets to see the 413 instead
    /// of a broken connection.
    /// </summary>
    public const int DrainedBytesMax = 4 * BytesMax;

    private static readonly JsonDocumentOptions OnceEach = new() { AllowDuplicateProperties = false };

    public static async ValueTask<JsonBody<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, bool withDigest = false)
        where T : class
    {
        var (bytes, problem) = await HoldAsync(http);
        if (problem is not null)
            return new JsonBody<T>(null, problem, null);
        var report = await TakeBytesAsync(http, bytes.Length);
        var body = report.RetryAfter is { } wait
            ? new JsonBody<T>(null, ProblemMap.LimitReached(report.Name, wait), null)
            : Parse(bytes, type, withDigest);
        http.Request.BodyReader.AdvanceTo(bytes.End);
        return body;
    }

    /// <summary>
    /// The body as it came, for a library that reads it by itself and that must not meet what breaks it: what is no JSON, no Unicode, or
    /// names a member twice is refused. Not counted: what it asks for is, where it is done.
    /// </summary>
    public static async ValueTask<JsonBody<byte[]>> ReadBytesAsync(HttpContext http)
    {
        var (bytes, problem) = await HoldAsync(http);
        if (problem is not null)
            return new JsonBody<byte[]>(null, problem, null);
        problem = FindFault(bytes) ?? FindTwice(bytes);
        var body = new JsonBody<byte[]>(problem is null ? bytes.ToArray() : null, problem, null);
        http.Request.BodyReader.AdvanceTo(bytes.End);
        return body;
    }

    /// <summary>The whole body, still in the pipe: whoever gets no problem has to advance to its end.</summary>
    private static async ValueTask<(ReadOnlySequence<byte> Bytes, Problem? Problem)> HoldAsync(HttpContext http)
    {
        if (!IsJson(http.Request.ContentType))
            return (default, ProblemMap.UnsupportedMediaType());
        var held = http.GetRequestContext().Held;

        // A body whose length is known is let in whole or not at all: none gives up halfway.
        if (http.Request.ContentLength is { } length && length <= BytesMax && held?.TryHold(length) == false)
            return (default, ProblemMap.Overloaded());
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await NextAsync(reader, http.RequestAborted);
            if (read.Buffer.Length <= BytesMax && held?.TryHold(read.Buffer.Length) == false)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (default, ProblemMap.Overloaded());
            }

            if (read.Buffer.Length > BytesMax)
            {
                await DrainAsync(reader, read, http.RequestAborted);
                return (default, ProblemMap.PayloadTooLarge());
            }

            if (read.IsCompleted)
                return (read.Buffer, null);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads on. Kestrel tells a chunk size beyond an int by another exception than its other bad chunks.</summary>
    private static async ValueTask<ReadResult> NextAsync(PipeReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(cancel);
        }
        catch (IOException failure) when (failure.InnerException is OverflowException)
        {
            throw new BadHttpRequestException(failure.Message, failure);
        }
    }

    private static async ValueTask<LimitReport> TakeBytesAsync(HttpContext http, long bytes)
    {
        var report = await http.RequestServices.GetRequiredService<TenantRates>().TakeAsync(
            http.GetRequestContext().Caller, LimitKind.Bytes, bytes, http.RequestAborted);
        report.Tell(http.Response.Headers);
        return report;
    }

    private static async ValueTask DrainAsync(PipeReader reader, ReadResult read, CancellationToken cancel)
    {
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.End);
            read = await NextAsync(reader, cancel);
        }

        reader.AdvanceTo(read.Buffer.End);
    }

    private static JsonBody<T> Parse<T>(ReadOnlySequence<byte> bytes, JsonTypeInfo<T> type, bool withDigest)
        where T : class
    {
        if (FindFault(bytes) is { } fault)
            return new JsonBody<T>(null, fault, null);
        var json = new Utf8JsonReader(bytes);
        try
        {
            var value = JsonSerializer.Deserialize(ref json, type);
            json.Read();
            return value is null
                ? new JsonBody<T>(null, ProblemMap.InvalidInput("body", "must be a JSON object"), null)
                : new JsonBody<T>(value, null, withDigest ? Digest(bytes) : null);
        }
        catch (JsonException failure)
        {
            return new JsonBody<T>(null, JsonFault.Explain(failure, type), null);
        }
    }

    private static Problem? FindFault(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
            return ProblemMap.MalformedJson("The body is empty; send a JSON object.");
        if (JsonUnicode.FaultIn(bytes) is { } fault)
            return ProblemMap.InvalidInput(fault.Length > 0 ? fault : "body", JsonUnicode.Detail);
        return bytes.Length > HeldBytes.Free && JsonSize.IsBeyond(bytes)
            ? ProblemMap.InvalidInput("body", $"must have no array or object of more than {JsonSize.ElementsMax} elements")
            : null;
    }

    private static Problem? FindTwice(ReadOnlySequence<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, OnceEach);
            return null;
        }
        catch (JsonException)
        {
            return ProblemMap.MalformedJson("The body is no JSON in which each member of an object is named once.");
        }
    }

    private static byte[] Digest(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return SHA256.HashData(bytes.FirstSpan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in bytes)
            hash.AppendData(part.Span);
        return hash.GetHashAndReset();
    }

    private static bool IsJson(string? contentType)
    {
        const string Json = "application/json";
        if (contentType is null || contentType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return contentType is not null;
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var media))
            return false;
        return (media.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || media.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }
}
