using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Client;

/// <summary>
/// Calls the HTTP API, v1. Every method throws <see cref="MemoryApiException"/> when the API answers with a problem, and
/// <see cref="HttpRequestException"/> when nobody answers. Safe for use by several threads.
/// </summary>
/// <param name="http">
/// Its base address is the server's, with or without a slash at its end; a path in it is kept. It stays the caller's to dispose of.
/// </param>
public sealed partial class MemoryClient(HttpClient http, string? apiKey = null)
{
    private static readonly MemoryJsonContext Json = MemoryJsonContext.Default;

    private Uri? root;

    /// <summary>
    /// Appends one turn. Without an id of its own or a key in <paramref name="conditions"/> it is given a key: a repeat takes effect once.
    /// </summary>
    public Task<Versioned<TurnResponse>> AppendAsync(
        string sessionId, AppendTurnRequest turn, WriteConditions? conditions = null, CancellationToken cancel = default) =>
        WriteAsync(
            SessionPath(sessionId, "/turns"), turn, Json.AppendTurnRequest, Json.TurnResponse,
            WriteConditions.OnceOnly(conditions, turn.Id is not null), cancel);

    /// <summary>Appends up to 1,000 turns, all or none; keyed as a single one is.</summary>
    public Task<Versioned<TurnBatchResponse>> AppendAsync(
        string sessionId, AppendTurnsRequest turns, WriteConditions? conditions = null, CancellationToken cancel = default) =>
        WriteAsync(
            SessionPath(sessionId, "/turns/batch"), turns, Json.AppendTurnsRequest, Json.TurnBatchResponse,
            WriteConditions.OnceOnly(conditions, turns.Turns is { } all && all.All(static turn => turn?.Id is not null)), cancel);

    /// <summary>One page of sessions, most recently created first.</summary>
    public Task<SessionPage> ListSessionsAsync(
        string? userId = null, string? agentId = null, string? status = null, int? limit = null, string? cursor = null,
        CancellationToken cancel = default) =>
        GetAsync(
            "v1/sessions" + Query(("user_id", userId), ("agent_id", agentId), ("status", status), ("limit", Text(limit)),
            ("cursor", cursor)),
            Json.SessionPage, cancel);

    public Task<SessionResponse> GetSessionAsync(string sessionId, CancellationToken cancel = default) =>
        GetAsync(SessionPath(sessionId, string.Empty), Json.SessionResponse, cancel);

    /// <summary>One page of a session's turns, by ascending seq.</summary>
    public Task<TurnPage> ListTurnsAsync(string sessionId, int? limit = null, string? cursor = null, CancellationToken cancel = default) =>
        GetAsync(SessionPath(sessionId, "/turns") + Query(("limit", Text(limit)), ("cursor", cursor)), Json.TurnPage, cancel);

    public Task<WorkingMemoryResponse> GetWorkingMemoryAsync(string sessionId, CancellationToken cancel = default) =>
        GetAsync(SessionPath(sessionId, "/working-memory"), Json.WorkingMemoryResponse, cancel);

    /// <summary>A prompt-ready block; with a query, also what recall finds beyond the working memory.</summary>
    public Task<ContextResponse> GetContextAsync(
        string sessionId, string? query = null, int? maxTokens = null, CancellationToken cancel = default) =>
        GetAsync(SessionPath(sessionId, "/context") + Query(("query", query), ("max_tokens", Text(maxTokens))), Json.ContextResponse,
        cancel);

    /// <summary>The same, with what is recalled narrowed; see <see cref="ContextNarrowing"/>.</summary>
    public Task<ContextResponse> GetContextAsync(
        string sessionId, string query, ContextNarrowing narrowing, int? maxTokens = null, CancellationToken cancel = default)
    {
        var filter = narrowing.Filter is null ? null : System.Text.Json.JsonSerializer.Serialize(narrowing.Filter, Json.RecallFilterInput);
        return GetAsync(
            SessionPath(sessionId, "/context") + Query(
                ("query", query), ("max_tokens", Text(maxTokens)), ("user_id", narrowing.UserId), ("agent_id", narrowing.AgentId),
                ("scopes", narrowing.Scopes is null ? null : string.Join(',', narrowing.Scopes)),
                ("kinds", narrowing.Kinds is null ? null : string.Join(',', narrowing.Kinds)), ("filter", filter),
                ("min_score", narrowing.MinScore?.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            Json.ContextResponse, cancel);
    }

    /// <summary>Closes a session; a later append reopens it.</summary>
    public async Task<SessionResponse> CloseSessionAsync(string sessionId, long? ifMatch = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Post, SessionPath(sessionId, "/close"), new WriteConditions(IfMatch: ifMatch));
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, Json.SessionResponse, cancel);
    }

    /// <summary>Removes a session with everything it holds.</summary>
    public async Task DeleteSessionAsync(string sessionId, long? ifMatch = null, CancellationToken cancel = default)
    {
        using var request = Request(HttpMethod.Delete, SessionPath(sessionId, string.Empty), new WriteConditions(IfMatch: ifMatch));
        using var response = await SendAsync(request, cancel);
    }

    /// <summary>Erases a turn and what was made of it; its seq stays, empty.</summary>
    /// <param name="turnId">The turn's own id, or the one that recall answers with.</param>
    /// <param name="ifMatch">The session's version.</param>
    public async Task DeleteTurnAsync(string sessionId, string turnId, long? ifMatch = null, CancellationToken cancel = default)
    {
        using var request = Request(
            HttpMethod.Delete, SessionPath(sessionId, $"/turns/{Uri.EscapeDataString(turnId)}"), new WriteConditions(IfMatch: ifMatch));
        using var response = await SendAsync(request, cancel);
    }

    public async Task<RecallResponse> RecallAsync(RecallRequest recall, CancellationToken cancel = default)
    {
        using var response = await PostRecallAsync(recall, cancel);
        return await ReadAsync(response, Json.RecallResponse, cancel);
    }

    /// <summary>A recall whose answer is written to <paramref name="destination"/> as the server sent it.</summary>
    public async Task CopyRecallAsync(RecallRequest recall, Stream destination, CancellationToken cancel = default)
    {
        using var response = await PostRecallAsync(recall, cancel);
        await response.Content.CopyToAsync(destination, cancel);
    }

    /// <summary>Whether the server takes requests; a problem with status 503 names the parts that stand in the way.</summary>
    public Task<ProbeResponse> GetReadyAsync(CancellationToken cancel = default) => GetAsync("health/ready", Json.ProbeResponse, cancel);

    public Task<HealthResponse> GetHealthAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/health", Json.HealthResponse, cancel);

    public Task<SummaryResponse> GetSummaryAsync(CancellationToken cancel = default) =>
        GetAsync("v1/admin/summary", Json.SummaryResponse, cancel);

    private static string SessionPath(string sessionId, string rest) => $"v1/sessions/{Uri.EscapeDataString(sessionId)}{rest}";

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = string.Empty;
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync(stream, type, cancel)
            ?? throw new HttpRequestException("The server answered with null.");
    }

    private static async Task<MemoryApiException> FailureAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await ReadAsync(response, Json.ProblemResponse, cancel)
            : new ProblemResponse(
                "about:blank", response.ReasonPhrase ?? "Failure", (int)response.StatusCode,
                $"The server answered {(int)response.StatusCode} without problem details.", "unknown");
        return new MemoryApiException(problem, response.Headers.RetryAfter?.Delta);
    }

    private async Task<HttpResponseMessage> PostRecallAsync(RecallRequest recall, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Post, "v1/recall", WriteConditions.Repeatable);
        request.Content = Body(recall, Json.RecallRequest);
        return await SendAsync(request, cancel);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, path, null);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, type, cancel);
    }

    private Task<Versioned<TAnswer>> WriteAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, WriteConditions? conditions,
        CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, Body(body, bodyType), answerType, conditions, cancel);

    private async Task<Versioned<TAnswer>> SendAsync<TAnswer>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<TAnswer> answerType, WriteConditions? conditions,
        CancellationToken cancel)
    {
        using var request = Request(method, path, conditions);
        request.Content = body;
        using var response = await SendAsync(request, cancel);
        var answer = await ReadAsync(response, answerType, cancel);
        var version = response.Headers.ETag?.Tag.Trim('"');
        return new Versioned<TAnswer>(
            answer,
            long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
            response.Headers.Contains("Idempotency-Replayed"));
    }

    private async Task<T> PostAsync<T>(
        string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancel, WriteConditions? conditions = null) =>
        (await SendAsync(HttpMethod.Post, path, body, type, conditions, cancel)).Value;

    private async Task DeleteAsync(string path, long? ifMatch, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Delete, path, new WriteConditions(IfMatch: ifMatch));
        using var response = await SendAsync(request, cancel);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, WriteConditions? conditions)
    {
        var request = new HttpRequestMessage(method, new Uri(Root(), path));
        if (apiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (conditions?.IdempotencyKey is { } key)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (conditions is { SafeToRepeat: true })
            request.Options.Set(RetrySafely.SafeToRepeat, true);
        if (conditions?.IfMatch is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));
        return request;
    }

    // An address like https://example.com/memory must not lose its last part.
    private Uri Root()
    {
        if (root is null && http.BaseAddress is { } address)
            root = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        return root ?? throw new InvalidOperationException("The HttpClient needs a base address: the server's.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var activity = ClientActivity.Start(request);
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            activity.Answered(response);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await FailureAsync(response, cancel);
        }
        catch (Exception failure)
        {
            // Noted, and the caller's all the same.
            activity.Failed(failure);
            throw;
        }
    }
}
