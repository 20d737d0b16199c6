using System.Net;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>API keys: who may call, and as which tenant.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private HttpClient acme = null!;
    private HttpClient globex = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(
            "MEMORY_API_KEYS=acme:acme-key-0123456789, globex:globex-key-0123456789:read+write+admin ,bare-key-0123456789,acme:reader-0123456789:read");
        acme = gateway.NewHttp("acme-key-0123456789");
        globex = gateway.NewHttp("globex-key-0123456789");
    }

    public async ValueTask DisposeAsync() => await gateway.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("X-Api-Key: wrong")]
    [InlineData("X-Api-Key:")]
    [InlineData("X-Api-Key: acme-key-012345678")]
    [InlineData("X-Api-Key: acme:acme-key-0123456789")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer wrong")]
    [InlineData("Authorization: Basic YWNtZTphY21l")]
    public async Task Without_a_valid_key_the_answer_is_401(string header)
    {
        var headers = header.Length == 0 ? Array.Empty<string>() : [header];
        foreach (var answer in new[]
        {
            await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"), headers),
            await gateway.GetAsync("/v1/sessions", headers),
            await gateway.PostAsync("/v1/recall", """{"query":"x"}""", headers),
            await gateway.GetAsync("/v1/admin/health", headers),
        })
        {
            answer.IsProblem(401, "unauthenticated");
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        Assert.Empty((await acme.CallAsync("GET", "/v1/sessions", null)).Json.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("X-Api-Key: acme-key-0123456789")]
    [InlineData("x-api-key: acme-key-0123456789")]
    [InlineData("Authorization: Bearer acme-key-0123456789")]
    [InlineData("Authorization: bearer acme-key-0123456789")]
    public async Task A_key_is_taken_from_either_header(string header) =>
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/v1/sessions", header)).Status);

    [Fact]
    public async Task An_empty_key_beside_a_good_bearer_counts_as_absent()
    {
        foreach (var empty in new[] { "X-Api-Key:", "X-Api-Key:  " })
            Assert.Equal(HttpStatusCode.OK,
                (await gateway.GetAsync("/v1/sessions", empty, "Authorization: Bearer acme-key-0123456789")).Status);
        (await gateway.GetAsync("/v1/sessions", "X-Api-Key: wrong", "Authorization: Bearer acme-key-0123456789"))
            .IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Scopes_are_enforced()
    {
        using var reader = gateway.NewHttp("reader-0123456789");
        (await reader.CallAsync("POST", "/v1/sessions/s/turns", Calls.Said("x"))).IsProblem(403, "insufficient_scope");
        (await reader.CallAsync("DELETE", "/v1/sessions/s", null)).IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await reader.CallAsync("POST", "/v1/recall", """{"query":"x"}""")).Status);
        (await acme.CallAsync("GET", "/v1/admin/health", null)).IsProblem(403, "insufficient_scope");
        (await acme.CallAsync("GET", "/v1/admin/summary", null)).IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("GET", "/v1/admin/health", null)).Status);
    }

    [Fact]
    public async Task No_tenant_sees_anothers_and_absent_looks_the_same()
    {
        await acme.CallAsync("POST", "/v1/sessions/shared/turns", Calls.Said("the acme secret"));
        foreach (var path in new[] { "/v1/sessions/{0}", "/v1/sessions/{0}/turns", "/v1/sessions/{0}/working-memory",
            "/v1/sessions/{0}/context" })
            await LooksAbsentAsync("GET", path);
        await LooksAbsentAsync("POST", "/v1/sessions/{0}/close");
        await LooksAbsentAsync("DELETE", "/v1/sessions/{0}");
        Assert.Empty((await globex.CallAsync("GET", "/v1/sessions", null)).Json.GetProperty("items").EnumerateArray());
        foreach (var scope in new[] { string.Empty, ",\"session_id\":\"shared\"" })
            Assert.Empty((await globex.CallAsync("POST", "/v1/recall", $$"""{"query":"acme secret"{{scope}}}""")).Json.GetProperty("items")
                .EnumerateArray());
        Assert.Equal(0, (await globex.CallAsync("GET", "/v1/admin/summary", null)).Json.GetProperty("turns").GetInt64());

        var own = await globex.CallAsync("POST", "/v1/sessions/shared/turns", Calls.Said("globex"));
        Assert.Equal(1, own.Json.GetProperty("seq").GetInt64());
        Assert.Single((await acme.CallAsync("GET", "/v1/sessions/shared/turns", null)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Idempotency_keys_of_two_tenants_do_not_meet()
    {
        var one = await acme.CallAsync("POST", "/v1/sessions/idem/turns", Calls.Said("one"), "Idempotency-Key: k");
        var two = await globex.CallAsync("POST", "/v1/sessions/idem/turns", Calls.Said("two"), "Idempotency-Key: k");
        Assert.Equal(HttpStatusCode.Created, one.Status);
        Assert.Equal(HttpStatusCode.Created, two.Status);
    }

    [Fact]
    public async Task A_bare_key_is_of_tenant_default()
    {
        using var bare = gateway.NewHttp("bare-key-0123456789");
        var answer = await bare.CallAsync("POST", "/v1/messages",
            """{"tenant_id":"default","conversation_id":"c","role":"user","content":"x"}""");
        Assert.Equal("default", answer.Json.GetProperty("tenant_id").GetString());
    }

    [Fact]
    public async Task An_older_client_must_name_the_keys_tenant()
    {
        const string Body = """{"tenant_id":"globex","conversation_id":"c","role":"user","content":"x"}""";
        (await acme.CallAsync("POST", "/v1/messages", Body)).IsProblem(403, "tenant_mismatch");
        (await acme.CallAsync("GET", "/v1/memory/search?tenant_id=globex&query=x", null)).IsProblem(403, "tenant_mismatch");
        Assert.Equal(HttpStatusCode.OK, (await globex.CallAsync("POST", "/v1/messages", Body)).Status);
    }

    [Fact]
    public async Task Probes_and_the_document_are_open_and_unknown_paths_are_404()
    {
        foreach (var path in new[] { "/health/live", "/health/ready", "/health", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(path)).Status);
        (await gateway.GetAsync("/v1/nothing")).IsProblem(404, "no_such_route");
    }

    [Fact]
    public async Task With_keys_any_host_name_may_be_used_and_origins_follow_cors()
    {
        var answer = await acme.CallAsync("GET", "/v1/sessions", null, "Host: memory.example", "Origin: https://evil.example");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(string.Empty, answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Beyond_loopback_metrics_need_the_admin_scope()
    {
        await using var open = await RunningGateway.StartAsync("MEMORY_URLS=http://0.0.0.0:0",
            "MEMORY_API_KEYS=acme:acme-key-0123456789,globex:globex-key-0123456789:admin");
        var port = open.Address.Port;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        (await http.CallAsync("GET", "/metrics", null)).IsProblem(401, "unauthenticated");
        (await http.CallAsync("GET", "/metrics", null, "X-Api-Key: acme-key-0123456789")).IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await http.CallAsync("GET", "/metrics", null, "X-Api-Key: globex-key-0123456789")).Status);
        Assert.Equal(HttpStatusCode.OK, (await http.CallAsync("GET", "/health/live", null)).Status);
        (await http.CallAsync("GET", "/v1/sessions", null)).IsProblem(401, "unauthenticated");
    }

    private async Task LooksAbsentAsync(string method, string path)
    {
        var others = await globex.CallAsync(method, string.Format(null, path, "shared"), null);
        var absent = await globex.CallAsync(method, string.Format(null, path, "absent"), null);
        others.IsProblem(404, "not_found");
        Assert.Equal(absent.Json.GetProperty("detail").GetString(), others.Json.GetProperty("detail").GetString());
    }
}
