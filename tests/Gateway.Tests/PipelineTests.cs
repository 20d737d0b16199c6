using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What every answer has: a request id, problem details, safe headers, quiet logs.</summary>
public sealed class PipelineTests
{
    [Fact]
    public async Task Unknown_paths_and_methods_are_problems()
    {
        await using var gateway = await RunningGateway.StartAsync();
        (await gateway.GetAsync("/nothing/here")).IsProblem(404, "no_such_route");
        (await gateway.PostAsync("/v1/nothing", "{}")).IsProblem(404, "no_such_route");
        var method = await gateway.Http.CallAsync("PUT", "/v1/sessions/s", null);
        method.IsProblem(405, "method_not_allowed");
        Assert.Contains("DELETE", string.Join(',', method.Response.Content.Headers.Allow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_id_is_taken_or_minted_and_always_answered()
    {
        await using var gateway = await RunningGateway.StartAsync();
        Assert.Equal("my-id:7", (await gateway.GetAsync("/v1/sessions", "X-Request-Id: my-id:7")).Header("X-Request-Id"));
        Assert.Equal("err-1", (await gateway.GetAsync("/nothing", "X-Request-Id: err-1")).Header("X-Request-Id"));
        var minted = (await gateway.GetAsync("/v1/sessions", "X-Request-Id: not valid")).Header("X-Request-Id");
        Assert.True(Identifiers.IsValid(minted));
        Assert.NotEqual(minted, (await gateway.GetAsync("/v1/sessions")).Header("X-Request-Id"));
    }

    [Fact]
    public async Task Answers_are_not_cached_or_sniffed_and_do_not_name_the_server()
    {
        await using var gateway = await RunningGateway.StartAsync();
        foreach (var path in new[] { "/v1/sessions", "/nothing" })
        {
            var answer = await gateway.GetAsync(path);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal("no-store", answer.Header("Cache-Control"));
            Assert.Equal("DENY", answer.Header("X-Frame-Options"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Header("Content-Security-Policy"));
            Assert.Equal(string.Empty, answer.Header("Server"));
        }
    }

    [Fact]
    public async Task At_debug_each_request_is_one_line_with_its_id_and_never_content_queries_or_keys()
    {
        var logs = new RecordedLogs();
        await using var gateway =
            await RunningGateway.StartAsync(null, logs, "MEMORY_LOG_LEVEL=trace", "MEMORY_API_KEYS=acme:the-secret-key-0123");
        using var http = gateway.NewHttp("the-secret-key-0123");
        await http.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("the private content"), "X-Request-Id: req-1");
        await http.CallAsync("GET", "/v1/sessions/s/context?query=the%20private%20query", null, "X-Request-Id: req-2");
        await gateway.GetAsync("/v1/sessions", "X-Api-Key: a-wrong-secret-key", "X-Request-Id: req-3");
        foreach (var id in new[] { "req-1", "req-2", "req-3" })
            // A log line is written just after the answer that a test already has.
            await Eventually.HoldsAsync(() =>
                logs.Lines.Count(l => l.Contains("request_id:" + id, StringComparison.Ordinal)
                && l.Contains("answered", StringComparison.Ordinal)) == 1);
        Assert.Contains(logs.Lines, l => l.Contains("tenant:acme", StringComparison.Ordinal));
        var all = string.Concat(logs.Lines);
        Assert.DoesNotContain("private", all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_information_successes_leave_no_line()
    {
        var logs = new RecordedLogs();
        await using var gateway = await RunningGateway.StartAsync(null, logs, "MEMORY_LOG_LEVEL=information");
        await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"), "X-Request-Id: quiet");
        Assert.DoesNotContain(logs.Lines, l => l.Contains("quiet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Starting_without_keys_and_with_unknown_settings_is_said()
    {
        var logs = new RecordedLogs();
        await using var gateway =
            await RunningGateway.StartAsync(null, logs, "MEMORY_LOG_LEVEL=information", "MEMORY_REQUEST_TIMEOUT_SECOND=5");
        Assert.Contains(logs.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal)
            && l.Contains("No MEMORY_API_KEYS", StringComparison.Ordinal));
        Assert.Contains(logs.Lines,
            l => l.Contains("MEMORY_REQUEST_TIMEOUT_SECOND is not a setting of this version; did you mean MEMORY_REQUEST_TIMEOUT_SECONDS?",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_openapi_document_has_every_route_with_schemas_for_bodies_and_answers()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var document = (await gateway.GetAsync("/openapi/v1.json")).Json;
        string[] routes =
        [
            "POST /v1/sessions/{id}/turns", "POST /v1/sessions/{id}/turns/batch", "GET /v1/sessions/{id}/turns", "GET /v1/sessions",
            "GET /v1/sessions/{id}", "DELETE /v1/sessions/{id}", "DELETE /v1/sessions/{id}/turns/{turn_id}", "POST /v1/sessions/{id}/close",
            "GET /v1/sessions/{id}/working-memory",
            "GET /v1/sessions/{id}/context", "POST /v1/recall", "GET /v1/admin/health", "GET /v1/admin/summary", "GET /health/live",
            "GET /health/ready", "GET /metrics", "POST /v1/messages", "GET /v1/memory/search", "GET /health", "POST /memory/recall",
            "GET /metrics/prometheus", "GET /openapi/v1.json", "GET /v1/admin/jobs", "POST /v1/admin/jobs/{id}/requeue",
            "GET /v1/admin/audit", "GET /v1/admin/audit/verification", "GET /v1/admin/erasures", "POST /v1/admin/erasures",
            "GET /v1/admin/erasures/{id}",
            "GET /v1/admin/audit/export", "GET /v1/admin/keys", "POST /v1/admin/keys", "GET /v1/admin/keys/{id}",
            "POST /v1/admin/keys/{id}/rotate", "DELETE /v1/admin/keys/{id}",
            "GET /v1/webhooks", "POST /v1/webhooks", "GET /v1/webhooks/{id}", "PATCH /v1/webhooks/{id}", "DELETE /v1/webhooks/{id}",
            "POST /v1/webhooks/{id}/rotate", "POST /v1/webhooks/{id}/test", "GET /v1/webhooks/{id}/deliveries", "GET /v1/events",
            "GET /v1/admin/tenants", "GET /v1/admin/tenants/{tenant}", "PUT /v1/admin/tenants/{tenant}", "PATCH /v1/admin/tenants/{tenant}",
            "DELETE /v1/admin/tenants/{tenant}", "GET /v1/admin/tenants/{tenant}/erasure", "GET /v1/admin/databases",
            "GET /v1/admin/tenants/{tenant}/database", "PUT /v1/admin/tenants/{tenant}/database",
            "GET /v1/admin/tenants/{tenant}/move", "POST /v1/admin/tenants/{tenant}/move",
            "GET /v1/admin/embeddings", "POST /v1/admin/embeddings", "POST /v1/admin/embeddings/{id}/activate",
            "DELETE /v1/admin/embeddings/{id}",
            "POST /v1/entities", "GET /v1/entities", "GET /v1/entities/{id}", "PATCH /v1/entities/{id}", "DELETE /v1/entities/{id}",
            "POST /v1/entities/search", "POST /v1/observations", "DELETE /v1/observations/{id}", "POST /v1/relations",
            "PATCH /v1/relations/{id}", "DELETE /v1/relations/{id}", "GET /v1/graph/path", "GET /v1/graph/overview",
            "POST /v1/sessions/{id}/distill", "GET /v1/sessions/{id}/distillation", "POST /v1/memories", "GET /v1/memories",
            "GET /v1/memories/{id}", "PATCH /v1/memories/{id}",
            "DELETE /v1/memories/{id}", "GET /v1/memories/{id}/history", "POST /v1/memories/{id}/undo", "POST /v1/memories/{id}/citations",
            "POST /memory/distill", "GET /v1/admin/retention", "POST /v1/admin/retention", "GET /v1/admin/export", "POST /v1/admin/import",
        ];
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"));
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));

        var append = document.GetProperty("paths").GetProperty("/v1/sessions/{id}/turns").GetProperty("post");
        Assert.Equal("#/components/schemas/AppendTurnRequest", SchemaOf(append.GetProperty("requestBody")));
        Assert.Equal("#/components/schemas/TurnResponse", SchemaOf(append.GetProperty("responses").GetProperty("201")));
        Assert.Equal("#/components/responses/Problem409",
            append.GetProperty("responses").GetProperty("409").GetProperty("$ref").GetString());
        var conflict = document.GetProperty("components").GetProperty("responses").GetProperty("Problem409");
        Assert.Equal("#/components/schemas/ProblemResponse", SchemaOf(conflict, "application/problem+json"));
        Assert.Contains("Idempotency-Key",
            append.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));

        var schemas = document.GetProperty("components").GetProperty("schemas");
        var turn = schemas.GetProperty("AppendTurnRequest");
        Assert.Equal(["content", "role"],
            turn.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(100_000, turn.GetProperty("properties").GetProperty("content").GetProperty("maxLength").GetInt32());
        Assert.Equal("date-time", turn.GetProperty("properties").GetProperty("occurred_at").GetProperty("format").GetString());
        Assert.Equal("#/components/schemas/TurnInput",
            schemas.GetProperty("AppendTurnsRequest").GetProperty("properties").GetProperty("turns").GetProperty("items")
            .GetProperty("$ref").GetString());
        Assert.Equal("string", turn.GetProperty("properties").GetProperty("content").GetProperty("type").GetString());
        Assert.Equal("integer", schemas.GetProperty("SourceResponse").GetProperty("properties").GetProperty("seq").GetProperty("type")
            .GetString());
        AssertResolvable(document, document);
    }

    private static string? SchemaOf(JsonElement part, string type = "application/json") =>
        part.GetProperty("content").GetProperty(type).GetProperty("schema").GetProperty("$ref").GetString();

    private static void AssertResolvable(JsonElement document, JsonElement part)
    {
        foreach (var element in part.ValueKind == JsonValueKind.Array ? part.EnumerateArray() : Enumerable.Empty<JsonElement>())
            AssertResolvable(document, element);
        if (part.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in part.EnumerateObject())
        {
            if (member.Name == "$ref")
            {
                var at = document;
                foreach (var step in member.Value.GetString()![2..].Split('/'))
                    Assert.True(at.TryGetProperty(step, out at), $"{member.Value} leads nowhere");
            }

            AssertResolvable(document, member.Value);
        }
    }
}
