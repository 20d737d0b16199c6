using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class GraphTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task An_entity_is_made_once_by_name_and_merged_into_after_that()
    {
        var name = Calls.NewId();
        var made = await gateway.PostAsync("/v1/entities", Json(new { name, type = "person", metadata = new { a = 1 } }));
        var again = await gateway.PostAsync("/v1/entities", Json(new { name = $"  {name.ToUpperInvariant()} ", metadata = new { b = 2 } }));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made.Status, again.Status));
        Assert.Equal(("\"1\"", "\"2\""), (made.ETag, again.ETag));
        Assert.Equal(Id(made), Id(again));
        Assert.Equal("""{"a":1,"b":2}""", again.Json.GetProperty("metadata").GetRawText());
        Assert.Equal(name, again.Json.GetProperty("name").GetString());
        Assert.NotEqual(Id(made), Id(await gateway.PostAsync("/v1/entities", Json(new { name, user_id = "ada" }))));
    }

    [Fact]
    public async Task An_entity_is_changed_under_if_match_and_deleted_with_a_receipt()
    {
        var (one, other) = (await EntityAsync(), await EntityAsync());
        var taken = (await gateway.GetAsync($"/v1/entities/{other}")).Json.GetProperty("entity").GetProperty("name").GetString();
        (await PatchAsync($"/v1/entities/{one}", Json(new { name = taken }))).IsProblem(409, "name_conflict");
        (await PatchAsync($"/v1/entities/{one}", Json(new { type = "boat" }), "If-Match: \"7\"")).IsProblem(412, "precondition_failed");
        var changed = await PatchAsync($"/v1/entities/{one}", Json(new { type = "boat", metadata = new { a = 1 } }), "If-Match: \"1\"");
        Assert.Equal(("\"2\"", "boat"), (changed.ETag, changed.Json.GetProperty("type").GetString()));
        Assert.False((await PatchAsync($"/v1/entities/{one}", """{"metadata":{}}""")).Json.TryGetProperty("metadata", out _));

        await gateway.PostAsync("/v1/observations", Json(new { entity_id = one, content = "red" }));
        await gateway.PostAsync("/v1/relations", Json(new { from_id = one, to_id = other, type = "near" }));
        var receipt = await CallAsync("DELETE", $"/v1/entities/{one}");
        Assert.Equal((1, 1), (receipt.Json.GetProperty("observations").GetInt32(), receipt.Json.GetProperty("relations").GetInt32()));
        (await gateway.GetAsync($"/v1/entities/{one}")).IsProblem(404, "not_found");
        (await CallAsync("DELETE", $"/v1/entities/{one}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Entities_are_listed_by_type_and_user_page_by_page()
    {
        var user = Calls.NewId();
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
            made.Insert(0, Id(await gateway.PostAsync("/v1/entities",
                Json(new { name = $"e{i}", type = i == 2 ? "boat" : "person", user_id = user }))));
        var first = (await gateway.GetAsync($"/v1/entities?user_id={user}&limit=3")).Json;
        var rest = (await gateway.GetAsync($"/v1/entities?user_id={user}&limit=3&cursor={first.GetProperty("next_cursor").GetString()}"))
            .Json;
        Assert.Equal(made, Ids(first).Concat(Ids(rest)));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next_cursor").ValueKind);
        Assert.Equal([made[2]], Ids((await gateway.GetAsync($"/v1/entities?user_id={user}&type=boat")).Json));
        (await gateway.GetAsync("/v1/entities?cursor=nonsense")).Blames("cursor");
        (await gateway.GetAsync("/v1/entities?type=no%20type")).Blames("type");
    }

    [Fact]
    public async Task Observations_come_one_or_many_and_what_was_said_before_is_not_doubled()
    {
        var id = await EntityAsync();
        var session = Calls.NewId();
        var turn = (await gateway.PostAsync($"/v1/sessions/{session}/turns", Calls.Said("the hull is red"))).Json.GetProperty("id")
            .GetString();
        var one = await gateway.PostAsync("/v1/observations", Json(new
        {
            entity_id = id, content = "the hull is red", importance = 0.5, sources = new[] { new { session_id = session, turn_id = turn } },
        }));
        Assert.Equal(HttpStatusCode.Created, one.Status);
        Assert.Equal(1, one.Json.GetProperty("items")[0].GetProperty("sources")[0].GetProperty("seq").GetInt64());
        var many = await gateway.PostAsync("/v1/observations", Json(new
        {
            observations = new object[] { new { entity_id = id, content = "the hull is red" },
                new { entity_id = id, content = "sails well" } },
        }));
        Assert.Equal((HttpStatusCode.Created, 1), (many.Status, many.Json.GetProperty("created").GetInt32()));
        Assert.Equal(HttpStatusCode.OK,
            (await gateway.PostAsync("/v1/observations", Json(new { entity_id = id, content = "sails well" }))).Status);

        var old = one.Json.GetProperty("items")[0].GetProperty("id").GetString();
        await gateway.PostAsync("/v1/observations", Json(new { entity_id = id, content = "the hull is blue", supersedes = old }));
        var view = (await gateway.GetAsync($"/v1/entities/{id}")).Json;
        Assert.Equal(["the hull is blue", "sails well"],
            view.GetProperty("observations").EnumerateArray().Select(static each => each.GetProperty("content").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync("DELETE", $"/v1/observations/{old}")).Status);
        (await CallAsync("DELETE", $"/v1/observations/{old}")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_relation_is_ended_and_still_there_for_the_time_before()
    {
        var (one, other) = (await EntityAsync(), await EntityAsync());
        var made = await gateway.PostAsync("/v1/relations",
            Json(new { from_id = one, to_id = other, type = "owns", valid_from = "2020-01-01T00:00:00Z" }));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.OK,
            (await gateway.PostAsync("/v1/relations", Json(new { from_id = one, to_id = other, type = "owns" }))).Status);
        var ended = await PatchAsync($"/v1/relations/{Id(made)}", """{"valid_to":"2022-01-01T00:00:00Z"}""", "If-Match: \"1\"");
        Assert.Equal("\"2\"", ended.ETag);

        Assert.Empty((await gateway.GetAsync($"/v1/entities/{one}")).Json.GetProperty("relations").EnumerateArray());
        var then = (await gateway.GetAsync($"/v1/entities/{other}?as_of_valid=2021-01-01T00:00:00Z")).Json.GetProperty("relations")[0];
        Assert.Equal(("in", one), (then.GetProperty("direction").GetString(), then.GetProperty("other").GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync("DELETE", $"/v1/relations/{Id(made)}")).Status);
        (await PatchAsync($"/v1/relations/{Id(made)}", """{"valid_to":"2022-01-01T00:00:00Z"}""")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Entities_are_searched_by_what_is_known_of_them_with_an_explanation()
    {
        var user = Calls.NewId();
        var id = Id(await gateway.PostAsync("/v1/entities", Json(new { name = "Zephyr", type = "sailboat", user_id = user })));
        await gateway.PostAsync("/v1/observations", Json(new { entity_id = id, content = "was repaired in Lisbon harbour" }));
        var found = (await gateway.PostAsync("/v1/entities/search",
            Json(new { query = "repaired Lisbon", user_id = user, min_score = 0.3, explain = true }))).Json;
        var item = found.GetProperty("items")[0];
        Assert.Equal(id, item.GetProperty("entity").GetProperty("id").GetString());
        Assert.Equal("was repaired in Lisbon harbour",
            item.GetProperty("observations")[0].GetProperty("observation").GetProperty("content").GetString());
        Assert.True(item.GetProperty("explanation").GetProperty("lexical").GetDouble() > 0);
        Assert.False(item.GetProperty("observations")[0].GetProperty("relevance").GetDouble() > 1);
        Assert.Empty((await gateway.PostAsync("/v1/entities/search", Json(new { query = "Lisbon", user_id = user, type = "person" })))
            .Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_path_and_the_overview_are_answered()
    {
        var (one, middle, other) = (await EntityAsync(), await EntityAsync(), await EntityAsync());
        await gateway.PostAsync("/v1/relations", Json(new { from_id = one, to_id = middle, type = "knows" }));
        await gateway.PostAsync("/v1/relations", Json(new { from_id = other, to_id = middle, type = "knows" }));
        var path = (await gateway.GetAsync($"/v1/graph/path?from={one}&to={other}")).Json;
        Assert.Equal((true, 2), (path.GetProperty("found").GetBoolean(), path.GetProperty("hops").GetInt32()));
        Assert.Equal([one, middle, other],
            path.GetProperty("entities").EnumerateArray().Select(static each => each.GetProperty("id").GetString()));
        var none = (await gateway.GetAsync($"/v1/graph/path?from={one}&to={other}&max_hops=1")).Json;
        Assert.Equal((false, JsonValueKind.Null), (none.GetProperty("found").GetBoolean(), none.GetProperty("hops").ValueKind));
        (await gateway.GetAsync($"/v1/graph/path?from={one}&to=nobody")).IsProblem(404, "not_found");
        (await gateway.GetAsync($"/v1/graph/path?from={one}")).Blames("to");
        (await gateway.GetAsync($"/v1/graph/path?from={one}&to={other}&max_hops=7")).Blames("max_hops");
        var overview = (await gateway.GetAsync("/v1/graph/overview")).Json;
        Assert.True(overview.GetProperty("entities").GetInt64() >= 3);
        Assert.NotEmpty(overview.GetProperty("most_connected").EnumerateArray());
    }

    [Theory]
    [InlineData("/v1/entities", """{"type":"x"}""", "name")]
    [InlineData("/v1/entities", """{"name":" "}""", "name")]
    [InlineData("/v1/entities", """{"name":"a\u0001b"}""", "name")]
    [InlineData("/v1/entities", """{"name":"x","type":"no type"}""", "type")]
    [InlineData("/v1/entities", """{"name":"x","user_id":"no id!"}""", "user_id")]
    [InlineData("/v1/entities", """{"name":"x","metadata":[1]}""", "metadata")]
    [InlineData("/v1/observations", """{"content":"x"}""", "entity_id")]
    [InlineData("/v1/observations", """{"entity_id":"x"}""", "content")]
    [InlineData("/v1/observations", """{"entity_id":"x","content":"x","importance":1.5}""", "importance")]
    [InlineData("/v1/observations", """{"entity_id":"x","content":"x","sources":[{"session_id":"s"}]}""", "sources[0].turn_id")]
    [InlineData("/v1/observations", """{"observations":[]}""", "observations")]
    [InlineData("/v1/observations", """{"observations":[null]}""", "observations[0]")]
    [InlineData("/v1/observations", """{"observations":[{"entity_id":"x"}]}""", "observations[0].content")]
    [InlineData("/v1/observations", """{"content":"x","observations":[{"entity_id":"x","content":"x"}]}""", "observations")]
    [InlineData("/v1/relations", """{"to_id":"x","type":"x"}""", "from_id")]
    [InlineData("/v1/relations", """{"from_id":"x","type":"x"}""", "to_id")]
    [InlineData("/v1/relations", """{"from_id":"x","to_id":"y"}""", "type")]
    [InlineData("/v1/relations", """{"from_id":"x","to_id":"x","type":"x"}""", "to_id")]
    [InlineData("/v1/entities/search", "{}", "query")]
    [InlineData("/v1/entities/search", """{"query":"x","limit":0}""", "limit")]
    [InlineData("/v1/entities/search", """{"query":"x","min_score":2}""", "min_score")]
    public async Task Bad_input_is_refused_by_the_name_of_the_field(string path, string body, string field) =>
        (await gateway.PostAsync(path, body)).Blames(field);

    [Fact]
    public async Task What_an_observation_names_must_exist()
    {
        var id = await EntityAsync();
        var missing = (await gateway.PostAsync("/v1/observations", """{"entity_id":"nobody","content":"x"}""")).IsProblem(404, "not_found");
        Assert.Equal("entity_id", missing.GetProperty("errors")[0].GetProperty("field").GetString());
        (await gateway.PostAsync("/v1/observations",
            Json(new { entity_id = id, content = "x", sources = new[] { new { session_id = "s", turn_id = "none" } } })))
            .Blames("sources[0]");
        (await gateway.PostAsync("/v1/observations", Json(new { entity_id = id, content = "x", valid_to = "2020-01-01T00:00:00Z" })))
            .Blames("valid_to");
        (await gateway.GetAsync($"/v1/entities/{id}?as_of_valid=yesterday")).Blames("as_of_valid");
        (await PatchAsync($"/v1/entities/{id}", "{}")).Blames("body");
    }

    private static string Json(object body) => JsonSerializer.Serialize(body);

    private static string Id(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(static each => each.GetProperty("id").GetString()!);

    private async Task<string> EntityAsync() => Id(await gateway.PostAsync("/v1/entities", Json(new { name = Calls.NewId() })));

    private Task<Answer> CallAsync(string method, string path) => gateway.Http.CallAsync(method, path, null);

    private Task<Answer> PatchAsync(string path, string json, params string[] headers) =>
        gateway.Http.CallAsync("PATCH", path, json, headers);
}
