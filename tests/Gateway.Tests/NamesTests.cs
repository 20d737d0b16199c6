using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Other names of memories and entities, and slips in names.</summary>
public sealed class NamesTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task A_memory_is_found_by_an_alias_until_it_is_taken_away_or_erased()
    {
        var user = Calls.NewId();
        var made = (await WriteAsync(user, "Opens at seven, and rye is sold out by nine.", "Hubert's place", "the blue bakery")).Json;
        await WriteAsync(user, "The big bakery by the bridge is blue.");
        var path = $"/v1/memories/{made.GetProperty("id").GetString()}";
        Assert.Equal(["Hubert's place", "the blue bakery"], Names(made));
        Assert.Equal(["Hubert's place", "the blue bakery"],
            Names((await gateway.GetAsync($"/v1/memories?user_id={user}")).Json.GetProperty("items")[1]));

        var first = await FirstAsync("When does the Blue Bakery open?", user);
        Assert.Equal(made.GetProperty("id").GetString(), first.GetProperty("id").GetString());
        Assert.InRange(first.GetProperty("relevance").GetDouble(), 0.6, 1);

        var edited = await gateway.Http.CallAsync("PATCH", path, """{"aliases":["Oven Four"]}""");
        Assert.Equal(["Oven Four"], Names(edited.Json));
        Assert.Equal(made.GetProperty("id").GetString(), (await FirstAsync("Where is oven four?", user)).GetProperty("id").GetString());
        Assert.Equal(["Hubert's place", "the blue bakery"],
            Names((await gateway.GetAsync(path + "/history")).Json.GetProperty("items")[0]));
        Assert.False((await gateway.Http.CallAsync("PATCH", path, """{"aliases":[]}""")).Json.TryGetProperty("aliases", out _));
        await gateway.Http.CallAsync("PATCH", path, """{"aliases":["Quartzhall"]}""");
        await gateway.Http.CallAsync("DELETE", path, null);
        Assert.DoesNotContain("Quartzhall", await gateway.Store.ReadAllAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_alias_is_one_memorys_of_an_owner()
    {
        var (user, other) = (Calls.NewId(), Calls.NewId());
        var first = (await WriteAsync(user, "Opens at seven.", "The Blue Bakery")).Json.GetProperty("id").GetString();
        (await WriteAsync(user, "Opens at eight.", "the blue  bakery")).IsProblem(409, "name_conflict");
        Assert.Equal(201, (int)(await WriteAsync(other, "Opens at eight.", "the blue bakery")).Status);
        var second = (await WriteAsync(user, "Opens at nine.", "the red one")).Json.GetProperty("id").GetString();
        (await gateway.Http.CallAsync("PATCH", $"/v1/memories/{second}", """{"aliases":["the blue bakery"]}"""))
            .IsProblem(409, "name_conflict");
        Assert.Equal(200, (int)(await gateway.Http.CallAsync("PATCH", $"/v1/memories/{first}", """{"aliases":["The blue bakery","B"]}"""))
            .Status);
        var raced = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => WriteAsync(user, $"Race {i}.", "the race")));
        Assert.Single(raced, static answer => (int)answer.Status == 201);
    }

    [Fact]
    public async Task An_entity_is_made_found_and_searched_by_its_aliases()
    {
        var user = Calls.NewId();
        var made = (await EntityAsync(user, "Jennifer Brandt", "Jenny", "Jenny")).Json;
        var id = made.GetProperty("id").GetString();
        Assert.Equal(["Jenny"], Names(made));
        Assert.Equal(id, (await EntityAsync(user, "JENNY", "Jen")).Json.GetProperty("id").GetString());
        Assert.Equal(["Jenny", "Jen"], Names((await gateway.GetAsync($"/v1/entities/{id}")).Json.GetProperty("entity")));
        (await EntityAsync(user, "Bob", "jennifer brandt")).IsProblem(409, "name_conflict");
        var bob = (await EntityAsync(user, "Bob", "Bobby")).Json.GetProperty("id").GetString();
        (await gateway.Http.CallAsync("PATCH", $"/v1/entities/{bob}", """{"aliases":["Jen"]}""")).IsProblem(409, "name_conflict");
        (await gateway.Http.CallAsync("PATCH", $"/v1/entities/{bob}", """{"name":"Jenny"}""")).IsProblem(409, "name_conflict");

        foreach (var query in new[] { "Where does Jen live?", "What about Bobby and jenny?", "Who is Jenifer?" })
        {
            var found = (await gateway.PostAsync("/v1/entities/search", $$"""{"query":"{{query}}","user_id":"{{user}}","explain":true}"""))
                .Json.GetProperty("items");
            Assert.Contains(found.EnumerateArray(),
                item => item.GetProperty("entity").GetProperty("id").GetString() == id && item.GetProperty("relevance").GetDouble() >= 0.3);
        }

        await gateway.Http.CallAsync("DELETE", $"/v1/entities/{id}", null);
        Assert.Equal(201, (int)(await EntityAsync(user, "Jenny")).Status);
    }

    [Theory]
    [InlineData("""["a\nb"]""", "aliases[0]")]
    [InlineData("""[""]""", "aliases[0]")]
    [InlineData("""["a",null]""", "aliases[1]")]
    [InlineData("""["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]""", "aliases")]
    public async Task Bad_aliases_are_refused_by_place(string aliases, string field)
    {
        (await gateway.PostAsync("/v1/memories", $$"""{"kind":"note","content":"x","aliases":{{aliases}}}""")).Blames(field);
        (await gateway.PostAsync("/v1/entities", $$"""{"name":"x","aliases":{{aliases}}}""")).Blames(field);
    }

    [Fact]
    public async Task A_slip_in_a_name_finds_it_and_the_explanation_says_so()
    {
        var user = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{user}/turns",
            $$"""{"role":"user","content":"Jennifer moved to Lisbon in spring.","user_id":"{{user}}"}""");
        await WriteAsync(user, "Krzysztof is allergic to nuts.");

        foreach (var (query, shown) in new[] { ("Where does Jenifer live?", "Jenifer→Jennifer"),
            ("What about Krzystof and Jennifer?", "Krzystof→Krzysztof"), ("Where is Jenn?", "Jenn→Jennifer") })
        {
            var items = (await gateway.PostAsync("/v1/recall", $$"""{"query":"{{query}}","user_id":"{{user}}","explain":true}"""))
                .Json.GetProperty("items").EnumerateArray();
            Assert.Contains(shown, items.SelectMany(static item => item.GetProperty("explanation").GetProperty("matched_terms")
                .EnumerateArray()).Select(static term => term.GetString()));
        }
    }

    [Fact]
    public async Task Aliases_move_with_their_tenant()
    {
        await using var from = await RunningGateway.StartAsync();
        await using var to = await RunningGateway.StartAsync();
        await from.PostAsync("/v1/memories", """{"kind":"note","content":"Opens at seven.","aliases":["the blue bakery"]}""");
        await from.PostAsync("/v1/entities", """{"name":"Jennifer","aliases":["Jenny"]}""");
        await to.Client.ImportAsync(await from.Client.ExportAsync());

        Assert.Equal(["the blue bakery"], Names((await to.GetAsync("/v1/memories")).Json.GetProperty("items")[0]));
        Assert.Equal("Jennifer", (await to.PostAsync("/v1/entities", """{"name":"jenny"}""")).Json.GetProperty("name").GetString());
    }

    private static IEnumerable<string?> Names(JsonElement item) =>
        item.GetProperty("aliases").EnumerateArray().Select(static name => name.GetString());

    private Task<Answer> WriteAsync(string user, string content, params string[] aliases) =>
        gateway.PostAsync("/v1/memories", JsonSerializer.Serialize(new { kind = "note", content, user_id = user, aliases }));

    private Task<Answer> EntityAsync(string user, string name, params string[] aliases) =>
        gateway.PostAsync("/v1/entities", JsonSerializer.Serialize(new { name, user_id = user, aliases }));

    private async Task<JsonElement> FirstAsync(string query, string user) =>
        (await gateway.PostAsync("/v1/recall", $$"""{"query":"{{query}}","user_id":"{{user}}"}""")).Json.GetProperty("items")[0];
}
