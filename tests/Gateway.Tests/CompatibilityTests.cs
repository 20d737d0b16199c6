using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The calls of two older clients, verbatim.</summary>
public sealed class CompatibilityTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task The_first_client_posts_messages_and_searches_them()
    {
        var tenant = Calls.NewId();
        var posted = await gateway.PostAsync(
            "/v1/messages", $$"""{"tenant_id":"{{tenant}}","conversation_id":"conv-1","role":"user","content":"My cat is called Biscuit.","extra":[{"ignored":true} ]}""");
        Assert.Equal(HttpStatusCode.OK, posted.Status);
        var message = posted.Json;
        Assert.Equal("ok", message.GetProperty("status").GetString());
        Assert.Equal(tenant, message.GetProperty("tenant_id").GetString());
        Assert.Equal("conv-1", message.GetProperty("conversation_id").GetString());
        Assert.Equal(1, message.GetProperty("seq").GetInt64());
        Assert.Equal(message.GetProperty("id").GetString(), message.GetProperty("message_id").GetString());

        var found = await gateway.GetAsync($"/v1/memory/search?tenant_id={tenant}&query=what%20is%20the%20cat%20called&top_k=3&extra=1");
        Assert.Equal(HttpStatusCode.OK, found.Status);
        var result = Assert.Single(found.Json.GetProperty("results").EnumerateArray());
        Assert.Equal(1, found.Json.GetProperty("count").GetInt32());
        Assert.Equal("My cat is called Biscuit.", result.GetProperty("content").GetString());
        Assert.Equal("conv-1", result.GetProperty("conversation_id").GetString());
        Assert.Equal("user", result.GetProperty("role").GetString());
        Assert.True(result.GetProperty("score").GetDouble() > 0);
        Assert.Empty((await gateway.GetAsync($"/v1/memory/search?tenant_id={Calls.NewId()}&query=cat")).Json.GetProperty("results")
            .EnumerateArray());
    }

    [Fact]
    public async Task The_second_client_recalls_in_a_session()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("The spare key is under the blue pot."));
        var found = await gateway.PostAsync("/memory/recall", $$"""{"query":"where is the spare key","session_id":"{{id}}","k":3}""");
        Assert.Equal(HttpStatusCode.OK, found.Status);
        var result = Assert.Single(found.Json.GetProperty("results").EnumerateArray());
        Assert.Equal(id, result.GetProperty("session_id").GetString());
        Assert.Equal("The spare key is under the blue pot.", result.GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.String, result.GetProperty("created_at").ValueKind);
    }

    [Fact]
    public async Task Both_find_health_and_metrics_where_they_look()
    {
        Assert.Equal("ok", (await gateway.GetAsync("/v1/admin/health")).Json.GetProperty("status").GetString());
        Assert.Equal("ok", (await gateway.GetAsync("/health")).Json.GetProperty("status").GetString());
        Assert.Contains("memory_http_requests_total", (await gateway.GetAsync("/metrics")).Text, StringComparison.Ordinal);
        Assert.Contains("memory_http_requests_total", (await gateway.GetAsync("/metrics/prometheus")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"x"}""", "conversation_id")]
    [InlineData("""{"conversation_id":"a b","role":"user","content":"x"}""", "conversation_id")]
    [InlineData("""{"tenant_id":"a:b","conversation_id":"c","role":"user","content":"x"}""", "tenant_id")]
    [InlineData("""{"conversation_id":"c","content":"x"}""", "role")]
    [InlineData("""{"conversation_id":"c","role":"user","content":" "}""", "content")]
    public async Task A_bad_message_is_refused_by_field(string body, string field) =>
        (await gateway.PostAsync("/v1/messages", body)).Blames(field);

    [Theory]
    [InlineData("/v1/memory/search?tenant_id=default", "query")]
    [InlineData("/v1/memory/search?query=x&top_k=0", "top_k")]
    [InlineData("/v1/memory/search?query=x&tenant_id=a:b", "tenant_id")]
    public async Task A_bad_search_is_refused_by_parameter(string path, string field) => (await gateway.GetAsync(path)).Blames(field);

    [Theory]
    [InlineData("""{"session_id":"s"}""", "query")]
    [InlineData("""{"query":"x","k":101}""", "k")]
    [InlineData("""{"query":"x","session_id":"a b"}""", "session_id")]
    public async Task A_bad_session_recall_is_refused_by_field(string body, string field) =>
        (await gateway.PostAsync("/memory/recall", body)).Blames(field);
}
