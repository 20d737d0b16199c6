using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class JobTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly PickyEmbedder embedder = new();
    private RunningGateway? running;

    private RunningGateway Gateway => running!;

    public async ValueTask InitializeAsync() => running = await RunningGateway.StartAsync(embedder);

    public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();

    [Fact]
    public async Task Dead_work_is_listed_with_its_reason_and_requeued()
    {
        embedder.Refused = "poison";
        await SayAsync("good", "fine");
        await SayAsync("bad", "poison");
        var dead = await EventuallyAsync("/v1/admin/jobs?state=dead&kind=embed:",
            static json => json.GetProperty("items").GetArrayLength() == 1);
        var job = dead.GetProperty("items")[0];
        Assert.Equal("bad", job.GetProperty("subject").GetString());
        Assert.Equal("dead", job.GetProperty("state").GetString());
        Assert.Equal("The embedder answered 400.", job.GetProperty("last_error").GetString());
        var health = (await Gateway.GetAsync("/v1/admin/health")).Json;
        Assert.Contains("schedule",
            health.GetProperty("components").EnumerateArray().Select(static part => part.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await Gateway.GetAsync("/health/ready")).Status);

        embedder.Refused = null;
        var path = $"/v1/admin/jobs/{job.GetProperty("id").GetInt64()}/requeue";
        var requeued = await Gateway.PostAsync(path, null);
        Assert.Equal("ready", requeued.Json.GetProperty("state").GetString());
        await EventuallyAsync("/v1/admin/embeddings",
            static json => json.GetProperty("items")[0].GetProperty("turns_embedded").GetInt64() == 2);
        (await Gateway.PostAsync(path, null)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Another_model_is_started_filled_and_the_first_one_removed()
    {
        await SayAsync("s", "one");
        await EventuallyAsync("/v1/admin/embeddings", static json => json.GetProperty("items") is var items && items.GetArrayLength() == 1
            && items[0].GetProperty("state").GetString() == "active" && items[0].GetProperty("turns_embedded").GetInt64() == 1);
        var started = await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"second","dimensions":4}""");
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal(4, started.Json.GetProperty("dimensions").GetInt32());
        var after = await EventuallyAsync("/v1/admin/embeddings",
            static json => json.GetProperty("items")[1].GetProperty("state").GetString() == "active");
        Assert.Equal("retired", after.GetProperty("items")[0].GetProperty("state").GetString());
        var again = await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"second"}""");
        Assert.Equal(started.Json.GetProperty("id").GetInt32(), again.Json.GetProperty("id").GetInt32());

        (await Gateway.PostAsync("/v1/admin/embeddings/1/activate", null)).IsProblem(409, "conflict");
        (await Gateway.Http.CallAsync("DELETE", "/v1/admin/embeddings/2", null)).IsProblem(409, "conflict");
        Assert.Equal(HttpStatusCode.NoContent, (await Gateway.Http.CallAsync("DELETE", "/v1/admin/embeddings/1", null)).Status);
        (await Gateway.Http.CallAsync("DELETE", "/v1/admin/embeddings/1", null)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task What_cannot_be_started_says_why()
    {
        (await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"none such"}""")).Blames("model");
        embedder.IsAway = true;
        var away = await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"second"}""");
        away.IsProblem(503, "embedder_unavailable");
        Assert.Equal("7", away.Header("Retry-After"));
        (await Gateway.PostAsync("/v1/admin/embeddings", "{}")).Blames("model");
        (await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"m","dimensions":4001}""")).Blames("dimensions");
        (await Gateway.PostAsync("/v1/admin/embeddings", """{"model":"m","space":1}""")).Blames("space", "unknown_field");
        await using var without = await RunningGateway.StartAsync();
        (await without.PostAsync("/v1/admin/embeddings", """{"model":"second"}""")).IsProblem(409, "conflict");
    }

    [Theory]
    [InlineData("GET", "/v1/admin/jobs?state=lost", "state")]
    [InlineData("GET", "/v1/admin/jobs?limit=0", "limit")]
    [InlineData("GET", "/v1/admin/jobs?cursor=x", "cursor")]
    [InlineData("GET", "/v1/admin/jobs?tenant=x", "tenant")]
    [InlineData("POST", "/v1/admin/jobs/x/requeue", "id")]
    [InlineData("POST", "/v1/admin/embeddings/x/activate", "id")]
    [InlineData("DELETE", "/v1/admin/embeddings/-1", "id")]
    public async Task Bad_input_names_the_field(string method, string path, string field) =>
        (await Gateway.Http.CallAsync(method, path, null)).Blames(field);

    [Theory]
    [InlineData("GET", "/v1/admin/jobs")]
    [InlineData("POST", "/v1/admin/jobs/1/requeue")]
    [InlineData("GET", "/v1/admin/embeddings")]
    [InlineData("POST", "/v1/admin/embeddings/1/activate")]
    [InlineData("DELETE", "/v1/admin/embeddings/1")]
    [InlineData("GET", "/v1/admin/retention")]
    [InlineData("POST", "/v1/admin/retention")]
    public async Task Only_administrators_may(string method, string path)
    {
        await using var keyed = await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:0123456789abcdef:read+write");
        using var http = keyed.NewHttp("0123456789abcdef");
        (await http.CallAsync(method, path, null)).IsProblem(403, "insufficient_scope");
    }

    [Fact]
    public async Task Spaces_of_vectors_are_the_installations_and_a_tenants_administrator_only_looks_at_them()
    {
        await using var keyed = await RunningGateway.StartAsync(
            new PickyEmbedder(), "MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin,ops:operator-0123456789:operator");
        using var admin = keyed.NewHttp("acme-admin-0123456789");
        using var operators = keyed.NewHttp("operator-0123456789");
        Assert.Equal(HttpStatusCode.OK, (await admin.CallAsync("GET", "/v1/admin/embeddings", null)).Status);
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/v1/admin/embeddings", """{"model":"second","dimensions":4}"""), ("POST", "/v1/admin/embeddings/99/activate", null),
            ("DELETE", "/v1/admin/embeddings/99", (string?)null),
        })
        {
            (await admin.CallAsync(method, path, body)).IsProblem(403, "insufficient_scope");
            Assert.NotEqual(HttpStatusCode.Forbidden, (await operators.CallAsync(method, path, body)).Status);
        }

        await using var alone = await RunningGateway.StartAsync(
            new PickyEmbedder(), "MEMORY_API_KEYS=acme:acme-admin-0123456789:read+write+admin");
        using var only = alone.NewHttp("acme-admin-0123456789");
        Assert.Equal(HttpStatusCode.Accepted,
            (await only.CallAsync("POST", "/v1/admin/embeddings", """{"model":"second","dimensions":4}""")).Status);
    }

    private async Task SayAsync(string session, string content) =>
        Assert.Equal(HttpStatusCode.Created, (await Gateway.PostAsync($"/v1/sessions/{session}/turns", Calls.Said(content))).Status);

    private async Task<JsonElement> EventuallyAsync(string path, Func<JsonElement, bool> isThere) => (await Eventually.SeesAsync(
        () => Gateway.GetAsync(path), answer => answer.Status == HttpStatusCode.OK
        && isThere(answer.Json), Patience, $"{path} answers what it should")).Json;
}
