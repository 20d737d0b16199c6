using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class RecallTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    public static TheoryData<string, string> BadRecalls => new()
    {
        { """{}""", "query" },
        { """{"query":""}""", "query" },
        { """{"query":"  "}""", "query" },
        { """{"query":5}""", "query" },
        { $$"""{"query":"{{new string('q', 4_001)}}"}""", "query" },
        { """{"query":"x","limit":0}""", "limit" },
        { """{"query":"x","limit":101}""", "limit" },
        { """{"query":"x","limit":1.5}""", "limit" },
        { """{"query":"x","limit":"5"}""", "limit" },
        { """{"query":"x","min_score":-0.1}""", "min_score" },
        { """{"query":"x","min_score":1.1}""", "min_score" },
        { """{"query":"x","max_tokens":0}""", "max_tokens" },
        { """{"query":"x","max_tokens":1000001}""", "max_tokens" },
        { """{"query":"x","user_id":"a b"}""", "user_id" },
        { """{"query":"x","agent_id":""}""", "agent_id" },
        { """{"query":"x","session_id":"-"}""", "session_id" },
        { """{"query":"x","kinds":"turn"}""", "kinds" },
        { """{"query":"x","kinds":[]}""", "kinds" },
        { """{"query":"x","kinds":["turn","a b"]}""", "kinds[1]" },
        { """{"query":"x","kinds":[null]}""", "kinds[0]" },
        { $$"""{"query":"x","kinds":[{{string.Join(',', Enumerable.Repeat("\"turn\"", 17))}}]}""", "kinds" },
        { """{"query":"x","tiers":["working","eternal"]}""", "tiers[1]" },
        { """{"query":"x","as_of":"2024-01-01T00:00:00Z"}""", "as_of" },
        { """{"query":"x","as_of":{"known":"2024"}}""", "as_of.known" },
        { """{"query":"x","filter":{"role":"a b"}}""", "filter.role" },
        { """{"query":"x","filter":{"name":""}}""", "filter.name" },
        { """{"query":"x","filter":{"occurred_from":"2024"}}""", "filter.occurred_from" },
        { """{"query":"x","filter":{"occurred_from":"2024-02-01T00:00:00Z","occurred_to":"2024-01-01T00:00:00Z"}}""",
        "filter.occurred_from" },
        { """{"query":"x","filter":{"metadata":{"a":{}}}}""", "filter.metadata.a" },
        { """{"query":"x","filter":{"metadata":[]}}""", "filter.metadata" },
        { """{"query":"x","explain":"yes"}""", "explain" },
    };

    [Theory]
    [MemberData(nameof(BadRecalls))]
    public async Task A_bad_recall_is_refused_by_field(string body, string field) =>
        (await gateway.PostAsync("/v1/recall", body)).Blames(field);

    [Theory]
    [InlineData("""{"query":"x","top_k":3}""", "top_k")]
    [InlineData("""{"query":"x","filter":{"rolle":"user"}}""", "filter.rolle")]
    [InlineData("""{"query":"x","as_of":{"now":true}}""", "as_of.now")]
    public async Task An_unknown_field_is_refused_by_name(string body, string field) =>
        (await gateway.PostAsync("/v1/recall", body)).Blames(field, "unknown_field");

    [Fact]
    public async Task An_acknowledged_turn_is_in_the_next_recall_with_all_that_the_contract_names()
    {
        var (id, user) = (Calls.NewId(), Calls.NewId());
        await gateway.PostAsync(
            $"/v1/sessions/{id}/turns",
            $$"""{"id":"t1","role":"user","name":"Ana","content":"The kestrel nests in the old lighthouse.","occurred_at":"2024-05-01T10:00:00Z","metadata":{"place":"coast"},"user_id":"{{user}}"}""");
        await gateway.PostAsync($"/v1/sessions/{id}/turns",
            $$"""{"role":"assistant","content":"How lovely, do tell me more about dinner.","user_id":"{{user}}"}""");
        var answer = await gateway.PostAsync("/v1/recall",
            $$"""{"query":"where does the kestrel nest?","user_id":"{{user}}","kinds":["turn"],"explain":true}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var recall = answer.Json;
        Assert.False(recall.GetProperty("degraded").GetBoolean());
        Assert.Empty(recall.GetProperty("degraded_arms").EnumerateArray());
        Assert.NotEmpty(recall.GetProperty("intent").GetString()!);
        Assert.NotEmpty(recall.GetProperty("watermark").GetString()!);
        Assert.EndsWith("Z", recall.GetProperty("evaluated_at").GetString(), StringComparison.Ordinal);
        Assert.True(recall.GetProperty("took_ms").GetDouble() >= 0);

        var item = recall.GetProperty("items")[0];
        Assert.Equal("turn", item.GetProperty("kind").GetString());
        Assert.NotEmpty(item.GetProperty("id").GetString()!);
        Assert.Equal("The kestrel nests in the old lighthouse.", item.GetProperty("content").GetString());
        Assert.Equal(id, item.GetProperty("session_id").GetString());
        Assert.Equal(["t1"], item.GetProperty("turn_ids").EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal($$"""{"session_id":"{{id}}","turn_id":"t1","seq":1}""", item.GetProperty("sources")[0].GetRawText());
        Assert.Equal("2024-05-01T10:00:00Z", item.GetProperty("occurred_at").GetString());
        Assert.Equal("user", item.GetProperty("role").GetString());
        Assert.Equal("Ana", item.GetProperty("name").GetString());
        Assert.Equal("""{"place":"coast"}""", item.GetProperty("metadata").GetRawText());
        Assert.InRange(item.GetProperty("relevance").GetDouble(), 0, 1);

        var parts = item.GetProperty("explanation");
        var sum = new[] { "lexical", "vector", "smoothing", "session_prior", "subject",
            "quote" }.Sum(part => parts.GetProperty(part).GetDouble());
        Assert.Equal(item.GetProperty("score").GetDouble(), sum, 1e-6);
        Assert.NotEmpty(parts.GetProperty("matched_terms").EnumerateArray());
    }

    [Fact]
    public async Task Without_explain_there_is_no_explanation()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("plain sailing"));
        var item = (await gateway.PostAsync("/v1/recall", $$"""{"query":"sailing","session_id":"{{id}}"}""")).Json.GetProperty("items")[0];
        Assert.False(item.TryGetProperty("explanation", out _));
        Assert.False(item.TryGetProperty("metadata", out _));
    }

    [Fact]
    public async Task Filters_mask_items()
    {
        var user = Calls.NewId();
        var turns = new object[]
        {
            new { id = "a", role = "user", content = "red apples", occurred_at = "2024-01-01T00:00:00Z",
                metadata = new { shop = "north", n = 1 } },
            new { id = "b", role = "assistant", content = "red apples too", occurred_at = "2024-02-01T00:00:00Z",
            metadata = new { shop = "south", n = 2 } },
            new { id = "c", role = "user", name = "Ben", content = "more red apples", occurred_at = "2024-03-01T00:00:00Z" },
        };
        await gateway.PostAsync($"/v1/sessions/{user}/turns/batch", JsonSerializer.Serialize(new { user_id = user, turns }));
        Assert.Equal(["a", "b", "c"], await FindAsync(user, "{}"));
        Assert.Equal(["a", "c"], await FindAsync(user, """{"role":"user"}"""));
        Assert.Equal(["c"], await FindAsync(user, """{"name":"Ben"}"""));
        Assert.Equal(["b", "c"], await FindAsync(user, """{"occurred_from":"2024-02-01T01:00:00+01:00"}"""));
        Assert.Equal(["b"], await FindAsync(user, """{"metadata":{"shop":"south"}}"""));
        Assert.Equal(["a"], await FindAsync(user, """{"metadata":{"n":1}}"""));
        Assert.Empty(await FindAsync(user, """{"metadata":{"n":"1"}}"""));
    }

    [Fact]
    public async Task An_unknown_session_user_or_kind_finds_nothing()
    {
        foreach (var scope in new[] { "\"session_id\":\"none\"", "\"user_id\":\"none\"", "\"kinds\":[\"fact\"]" })
        {
            var answer = await gateway.PostAsync("/v1/recall", $$"""{"query":"anything",{{scope}}}""");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Empty(answer.Json.GetProperty("items").EnumerateArray());
        }
    }

    private async Task<IEnumerable<string>> FindAsync(string user, string filter)
    {
        var recall = (await gateway.PostAsync("/v1/recall", $$"""{"query":"red apples","user_id":"{{user}}","filter":{{filter}}}""")).Json;
        return recall.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("turn_ids")[0].GetString()!)
            .Order(StringComparer.Ordinal);
    }
}
