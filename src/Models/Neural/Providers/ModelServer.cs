using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MemoryOrleans.Models.Neural.Providers;

/// <summary>Whom a server is asked for, and how its failures are told.</summary>
/// <param name="Name">As a sentence begins with it.</param>
/// <param name="AnswerBytesMax">Bytes of an answer at most.</param>
internal sealed record ModelServerPort(string Name, long AnswerBytesMax, Func<FailureKind, string, TimeSpan?, Exception> Fail)
{
    public static readonly ModelServerPort Embedder =
        new("The embedder", 64L * 1024 * 1024, static (kind, message, pause) => EmbedderFailure.Of(kind, message, pause));
}

/// <summary>
/// Posts JSON to a model server and turns everything that can go wrong on the way into the port's exception. Bodies of
/// failures are read for a pause only: servers repeat what they were sent, keys included.
/// </summary>
internal sealed class ModelServer : IDisposable
{
    // Texts in other scripts go out as they are, not as six characters a letter.
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient http;
    private readonly Uri baseUrl;
    private readonly (string Name, string Value)? credential;
    private readonly TimeProvider time;
    private readonly ModelServerPort port;

    /// <param name="credential">The header that each request carries.</param>
    public ModelServer(Uri baseUrl, (string Name, string Value)? credential, TimeProvider time, ModelServerPort port)
    {
        this.port = port;
        this.baseUrl = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
        this.credential = credential;
        this.time = time;

        // A redirect could carry texts and key elsewhere; connections are renewed so that a changed address is noticed.
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = port.AnswerBytesMax,
        };
    }

    /// <param name="path">Below the base address, without a leading slash.</param>
    /// <param name="read">Throws <see cref="FormatException"/> for what is not the protocol's.</param>
    public async Task<T> PostAsync<T>(string path, Action<Utf8JsonWriter> write, Func<JsonElement, T> read, CancellationToken cancel)
    {
        var body = new ArrayBufferWriter<byte>(4_096);
        await using (var writer = new Utf8JsonWriter(body, Unescaped))
            write(writer);
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(baseUrl, path)) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (credential is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
            var answer = await response.Content.ReadAsByteArrayAsync(cancel);
            return response.IsSuccessStatusCode ? Read(answer, read) : throw Refusal(response, answer);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw port.Fail(FailureKind.Unreadable, $"{port.Name} answered more than {port.AnswerBytesMax} bytes.", null);
        }
        catch (HttpRequestException failure)
        {
            throw port.Fail(FailureKind.Unreachable, $"{port.Name} cannot be reached ({failure.HttpRequestError}).", null);
        }
        catch (IOException)
        {
            throw port.Fail(FailureKind.Unreachable, $"{port.Name} broke the connection off.", null);
        }
    }

    public void Dispose() => http.Dispose();

    private T Read<T>(byte[] answer, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return read(json.RootElement);
        }
        catch (JsonException) when (answer.AsSpan().IndexOf("NaN"u8) >= 0 || answer.AsSpan().IndexOf("Infinity"u8) >= 0)
        {
            // Not JSON, but some servers write this when a component of a vector is not a number.
            throw port.Fail(FailureKind.Invalid, $"{port.Name} answered a number that is not finite.", null);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw port.Fail(FailureKind.Unreadable, $"{port.Name} answered what is not of its protocol.", null);
        }
    }

    private Exception Refusal(HttpResponseMessage response, byte[] answer)
    {
        var status = (int)response.StatusCode;
        var kind = status switch
        {
            429 => FailureKind.Throttled,
            408 or >= 500 => FailureKind.Server,
            _ => FailureKind.Refused,
        };
        var hint = status switch
        {
            401 or 403 => ": the key is missing, wrong or not allowed to",
            404 => ": no such address or model",
            413 or 422 => ": a text is too long, or there are too many in a request",
            _ => string.Empty,
        };
        var pause = kind == FailureKind.Refused ? null : ReadPause(response.Headers.RetryAfter) ?? ReadPause(answer);
        return port.Fail(kind, $"{port.Name} answered {status}{hint}.", pause);
    }

    private TimeSpan? ReadPause(RetryConditionHeaderValue? header)
    {
        var pause = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    // Google's APIs say it in the body: {"error": {"details": [{"@type": "…RetryInfo", "retryDelay": "3.5s"}]}}.
    private static TimeSpan? ReadPause(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            foreach (var detail in json.RootElement.GetProperty("error").GetProperty("details").EnumerateArray())
            {
                if (detail.TryGetProperty("retryDelay", out var delay) && delay.GetString() is { } text && text.EndsWith('s')
                    && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out var seconds)
                    && seconds < 86_400)
                    return TimeSpan.FromSeconds(seconds);
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The server does not say when to come back.
        }

        return null;
    }
}
