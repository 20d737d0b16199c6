using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class MemoryTests(KeylessGateway keyless) : IClassFixture<KeylessGateway>
{
    private const string Path = "/v1/memories";

    private RunningGateway Gateway => keyless.Gateway;

    [Fact]
    public async Task A_record_is_declared_superseded_by_another_of_the_same_user()
    {
        var user = Calls.NewId();
        async Task<string> WriteAsync(string content, string owner) =>
            IdOf((await Gateway.PostAsync(Path, JsonSerializer.Serialize(new { kind = "note", content, user_id = owner }))).Json);
        var (older, newer, other) =
            (await WriteAsync("The quince tea is hot", user), await WriteAsync("The quince tea is cold", user),
            await WriteAsync("x", Calls.NewId()));
        foreach (var wrong in new[] { older, other, "nobody", "no id" })
            (await PatchAsync($"{Path}/{older}", JsonSerializer.Serialize(new { superseded_by = wrong }))).Blames("superseded_by");

        var superseded = await PatchAsync($"{Path}/{older}", JsonSerializer.Serialize(new { superseded_by = newer }));

        Assert.Equal(("superseded", newer, "superseded"),
            (Text(superseded.Json, "status"), Text(superseded.Json, "superseded_by"), Text(superseded.Json, "change")));
        var found = (await Gateway.PostAsync("/v1/recall", JsonSerializer.Serialize(new { query = "quince tea", user_id = user })))
            .Json.GetProperty("items");
        var ids = found.EnumerateArray().Select(IdOf).ToList();
        Assert.Contains(newer, ids);
        Assert.DoesNotContain(older, ids);
        (await PatchAsync($"{Path}/{newer}", JsonSerializer.Serialize(new { superseded_by = older }))).Blames("superseded_by");
    }

    [Fact]
    public async Task A_memory_is_written_read_edited_and_erased()
    {
        var written = await Gateway.PostAsync(Path, """
            {"kind":"preference","content":"Mia drinks tea","user_id":"mia","agent_class":"barista","importance":0.7,"pinned":true,
             "valid_from":"2025-01-02T03:04:05+01:00","metadata":{"b":1,"a":2}}
            """);
        Assert.Equal(HttpStatusCode.Created, written.Status);
        Assert.Equal("\"1\"", written.ETag);
        var path = $"{Path}/{IdOf(written.Json)}";
        var read = await Gateway.GetAsync(path);
        Assert.Equal(written.Text, read.Text);
        var json = read.Json;
        Assert.Equal(("preference", "semantic", "active", "agent"),
            (Text(json, "kind"), Text(json, "tier"), Text(json, "status"), Text(json, "origin")));
        Assert.Equal(("mia", "barista", "2025-01-02T02:04:05Z"),
            (Text(json, "user_id"), Text(json, "agent_class"), Text(json, "valid_from")));
        Assert.Equal("""{"a":2,"b":1}""", json.GetProperty("metadata").GetRawText());
        Assert.Equal(HttpStatusCode.NotModified, (await Gateway.GetAsync(path, "If-None-Match: \"1\"")).Status);

        (await PatchAsync(path, """{"content":"x"}""", "If-Match: \"7\"")).IsProblem(412, "precondition_failed");
        var edited = await PatchAsync(path, """{"content":"Mia drinks coffee","metadata":null}""", "If-Match: \"1\"");
        Assert.Equal(("Mia drinks coffee", "\"2\""), (Text(edited.Json, "content"), edited.ETag));
        Assert.False(edited.Json.TryGetProperty("metadata", out _));
        var history = (await Gateway.GetAsync(path + "/history")).Json.GetProperty("items");
        Assert.Equal(["Mia drinks tea", "Mia drinks coffee"], history.EnumerateArray().Select(static version => Text(version, "content")));

        (await Gateway.Http.CallAsync("DELETE", path, null, "If-Match: \"1\"")).IsProblem(412, "precondition_failed");
        Assert.Equal(HttpStatusCode.NoContent, (await Gateway.Http.CallAsync("DELETE", path, null)).Status);
        foreach (var gone in new[] { await Gateway.GetAsync(path), await Gateway.GetAsync(path + "/history"), await PatchAsync(path, "{}"),
            await Gateway.PostAsync(path + "/citations", null), await Gateway.PostAsync(path + "/undo", null),
            await Gateway.Http.CallAsync("DELETE", path, null) })
            gone.IsProblem(404, "not_found");
        Assert.Empty((await Gateway.GetAsync($"{Path}?user_id=mia")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_edit_is_undone_by_one_call_and_the_undo_too()
    {
        var path = $"{Path}/{IdOf((await Gateway.PostAsync(Path, """{"kind":"note","content":"first"}""")).Json)}";
        await PatchAsync(path, """{"content":"second"}""");
        var undone = (await Gateway.PostAsync(path + "/undo", null)).Json;
        Assert.Equal("first", Text(undone.GetProperty("items")[0], "content"));
        Assert.Equal("undone", Text((await Gateway.GetAsync(path)).Json, "change"));
        Assert.Equal(Text(undone, "operation"), Text((await Gateway.GetAsync(path)).Json, "operation"));
        await Gateway.PostAsync(path + "/undo", null);
        Assert.Equal("second", Text((await Gateway.GetAsync(path)).Json, "content"));
    }

    [Fact]
    public async Task Each_citation_raises_the_salience_and_makes_no_version()
    {
        var path = $"{Path}/{IdOf((await Gateway.PostAsync(Path, """{"kind":"note","content":"cited","importance":0.5,"pinned":true}""")).Json)}";
        var (first, second) = ((await Gateway.PostAsync(path + "/citations", null)).Json,
            (await Gateway.PostAsync(path + "/citations", null)).Json);
        Assert.Equal(0.575, first.GetProperty("salience").GetDouble(), 9);
        Assert.Equal(0.63875, second.GetProperty("salience").GetDouble(), 9);
        var read = await Gateway.GetAsync(path);
        Assert.Equal(("\"1\"", 0.63875), (read.ETag, Math.Round(read.Json.GetProperty("salience").GetDouble(), 9)));
    }

    [Fact]
    public async Task Memories_are_listed_by_kind_tier_state_and_owner_and_paged()
    {
        foreach (var (kind, tier) in new[] { ("a", "semantic"), ("b", "episodic"), ("a", "episodic") })
            await Gateway.PostAsync(Path,
                $$"""{"kind":"{{kind}}","tier":"{{tier}}","content":"x","user_id":"lister","agent_id":"{{tier}}"}""");
        Assert.Equal(3, await CountAsync("user_id=lister"));
        Assert.Equal(2, await CountAsync("user_id=lister&kind=a"));
        Assert.Equal(2, await CountAsync("user_id=lister&tier=episodic"));
        Assert.Equal(1, await CountAsync("user_id=lister&kind=a&agent_id=episodic"));
        Assert.Equal(0, await CountAsync("user_id=lister&status=archived"));
        var page = (await Gateway.GetAsync($"{Path}?user_id=lister&limit=2")).Json;
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        Assert.Equal(1, await CountAsync($"user_id=lister&cursor={Text(page, "next_cursor")}"));
    }

    [Fact]
    public async Task Sources_must_be_turns_that_exist()
    {
        await Gateway.PostAsync("/v1/sessions/sourced/turns", """{"id":"t1","role":"user","content":"hello"}""");
        var written = await Gateway.PostAsync(Path,
            """{"kind":"note","content":"x","sources":[{"session_id":"sourced","turn_id":"t1"}]}""");
        Assert.Equal(1, written.Json.GetProperty("sources")[0].GetProperty("seq").GetInt64());
        (await Gateway.PostAsync(Path, """{"kind":"note","content":"x","sources":[{"session_id":"sourced","turn_id":"t2"}]}"""))
            .Blames("sources");
        (await Gateway.PostAsync(Path, """{"kind":"note","content":"x","sources":[{"session_id":"sourced"}]}""")).Blames("sources[0]");
    }

    [Theory]
    [InlineData("""{"content":"x"}""", "kind")]
    [InlineData("""{"kind":"episode","content":"x"}""", "kind")]
    [InlineData("""{"kind":"no blank","content":"x"}""", "kind")]
    [InlineData("""{"kind":"note"}""", "content")]
    [InlineData("""{"kind":"note","content":" "}""", "content")]
    [InlineData("""{"kind":"note","content":"x","importance":1.1}""", "importance")]
    [InlineData("""{"kind":"note","content":"x","tier":"working"}""", "tier")]
    [InlineData("""{"kind":"note","content":"x","user_id":"?"}""", "user_id")]
    [InlineData("""{"kind":"note","content":"x","metadata":[]}""", "metadata")]
    [InlineData("""{"kind":"note","content":"x","valid_from":"2025-01-02T00:00:00Z","valid_to":"2025-01-01T00:00:00Z"}""", "valid_to")]
    public async Task A_bad_memory_is_refused_by_its_field(string body, string field) =>
        (await Gateway.PostAsync(Path, body)).Blames(field);

    [Theory]
    [InlineData("""{"status":"erased"}""", "status")]
    [InlineData("""{"valid_to":"yesterday"}""", "valid_to")]
    [InlineData("""{"valid_to":7}""", "valid_to")]
    [InlineData("""{"metadata":"x"}""", "metadata")]
    [InlineData("""{"importance":-1}""", "importance")]
    public async Task A_bad_patch_is_refused_by_its_field(string body, string field)
    {
        var id = IdOf((await Gateway.PostAsync(Path, """{"kind":"note","content":"patched"}""")).Json);
        (await PatchAsync($"{Path}/{id}", body)).Blames(field);
    }

    [Theory]
    [InlineData("status=erased", "status")]
    [InlineData("tier=working", "tier")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("sort=x", "sort")]
    public async Task A_bad_listing_is_refused_by_its_parameter(string query, string field) =>
        (await Gateway.GetAsync($"{Path}?{query}")).Blames(field);

    [Theory]
    [InlineData("/v1/sessions/{0}/distill", null)]
    [InlineData("/memory/distill", """{"session_id":"SESSION"}""")]
    public async Task A_session_is_distilled_on_demand(string path, string? body)
    {
        var session = $"told-{path.Length}";
        foreach (var content in new[] { "I am allergic to peanuts.", "I live in Berlin.", "Noted." })
            await Gateway.PostAsync($"/v1/sessions/{session}/turns",
                $$"""{"role":"user","user_id":"{{session}}","content":"{{content}}"}""");
        (path, body) = (path.Replace("{0}", session, StringComparison.Ordinal),
            body?.Replace("SESSION", session, StringComparison.Ordinal));
        var first = (await Gateway.PostAsync(path, body)).Json;
        Assert.Equal((1, 3), (first.GetProperty("episodes").GetInt32(), first.GetProperty("turns").GetInt32()));
        Assert.NotEqual(0, first.GetProperty("facts").GetInt32());
        var episode = (await Gateway.GetAsync($"{Path}/{first.GetProperty("episode_ids")[0].GetString()}")).Json;
        Assert.Equal(("episode", session, 3),
            (Text(episode, "kind"), Text(episode, "session_id"), episode.GetProperty("sources").GetArrayLength()));
        Assert.Equal(1, await CountAsync($"user_id={session}&kind=episode&session_id={session}"));
        var fact = (await Gateway.GetAsync($"{Path}/{first.GetProperty("fact_ids")[0].GetString()}")).Json;
        Assert.Equal(("state", "state"), (Text(fact, "fact_kind"), Text(fact.GetProperty("metadata"), "fact_kind")));
        Assert.False(episode.TryGetProperty("fact_kind", out _));

        var again = (await Gateway.PostAsync(path, body)).Json;
        Assert.Equal((0, 0, 0), (again.GetProperty("episodes").GetInt32(), again.GetProperty("facts").GetInt32(),
            again.GetProperty("turns").GetInt32()));
    }

    [Fact]
    public async Task What_is_not_there_is_not_distilled()
    {
        (await Gateway.PostAsync("/v1/sessions/nowhere/distill", null)).IsProblem(404, "not_found");
        (await Gateway.PostAsync("/memory/distill", """{"session_id":"nowhere"}""")).IsProblem(404, "not_found");
        (await Gateway.PostAsync("/memory/distill", "{}")).Blames("session_id");
    }

    [Fact]
    public async Task Another_tenants_memories_look_absent()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS=one:key-of-tenant-one-0001,two:key-of-tenant-two-0002");
        using var one = gateway.NewHttp("key-of-tenant-one-0001");
        using var two = gateway.NewHttp("key-of-tenant-two-0002");
        var id = IdOf((await one.CallAsync("POST", Path, """{"kind":"note","content":"secret"}""")).Json);
        foreach (var (method, path) in new[] { ("GET", ""), ("GET", "/history"), ("DELETE", ""), ("POST", "/undo"),
            ("POST", "/citations") })
            (await two.CallAsync(method, $"{Path}/{id}{path}", null)).IsProblem(404, "not_found");
        Assert.Empty((await two.CallAsync("GET", Path, null)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, (await one.CallAsync("GET", $"{Path}/{id}", null)).Status);
    }

    private Task<Answer> PatchAsync(string path, string json, params string[] headers) =>
        Gateway.Http.CallAsync("PATCH", path, json, headers);

    private async Task<int> CountAsync(string query) =>
        (await Gateway.GetAsync($"{Path}?{query}")).Json.GetProperty("items").GetArrayLength();

    private static string IdOf(JsonElement memory) => Text(memory, "id");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
