using System.Net;
using System.Text.Json;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>What narrows a context and a listing, and who must say whose memory is searched.</summary>
public sealed class NarrowingTests(KeylessGateway keyless) : IClassFixture<KeylessGateway>
{
    private RunningGateway Gateway => keyless.Gateway;

    [Fact]
    public async Task A_context_recalls_what_its_parameters_leave()
    {
        var (user, session) = (Calls.NewId(), Calls.NewId());
        await SayAsync(session, user, "Good morning.");
        await WriteAsync(user, "rule", "Marzipan is kept cool", new { tags = new[] { "cellar", "sweet" } });
        await WriteAsync(user, "habit", "Marzipan is bought on Sunday", new { tags = new[] { "shop" } });

        async Task<string> AskAsync(string more)
        {
            var answer = await Gateway.GetAsync($"/v1/sessions/{session}/context?query=marzipan{more}");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            return answer.Json.GetProperty("text").GetString()!;
        }

        async Task CheckAsync(string more, bool hasRule, bool hasHabit)
        {
            var text = await AskAsync(more);
            Assert.Equal((hasRule, hasHabit),
                (text.Contains("kept cool", StringComparison.Ordinal), text.Contains("on Sunday", StringComparison.Ordinal)));
        }

        await CheckAsync(string.Empty, true, true);
        await CheckAsync("&kinds=rule", true, false);
        await CheckAsync("&kinds=rule,habit&scopes=user", true, true);
        await CheckAsync("&scopes=agent", false, false);
        await CheckAsync("&filter=" + Uri.EscapeDataString("""{"metadata":{"tags":"shop"}}"""), false, true);
        await CheckAsync("&filter=" + Uri.EscapeDataString("""{"metadata":{"tags":{"not":"shop"}}}""") + "&kinds=rule,habit", true, false);
        await CheckAsync("+of+Genoa+in+the+harbour+warehouse&kinds=rule,habit&min_score=0.95", false, false);
        await CheckAsync("+of+Genoa+in+the+harbour+warehouse&kinds=rule,habit&min_score=0", true, true);
        await CheckAsync($"&user_id={user}", true, true);
        var told = await Gateway.Client.GetContextAsync(
            session, "marzipan", new ContextNarrowing(user, Scopes: ["user"], Kinds: ["rule"], Filter: new RecallFilterInput(),
            MinScore: 0.1));
        Assert.DoesNotContain("on Sunday", told.Text, StringComparison.Ordinal);
        (await Gateway.GetAsync($"/v1/sessions/{session}/context?query=marzipan&user_id={Calls.NewId()}")).IsProblem(404, "not_found");
        foreach (var (more, field) in new[] { ("query=x&min_score=2", "min_score"), ("query=x&scopes=all", "scopes[0]"),
            ("query=x&filter=x", "filter"), ("kinds=rule", "query") })
            (await Gateway.GetAsync($"/v1/sessions/{session}/context?{more}")).Blames(field);
    }

    [Fact]
    public async Task Memories_are_listed_by_their_metadata_page_after_page()
    {
        var user = Calls.NewId();
        for (var i = 0; i < 7; i++)
            await WriteAsync(user, "note", $"note {i}", new { n = i, tags = i % 2 == 0 ? new[] { "even" } : ["odd"] });

        async Task<List<string>> ListAsync(string metadata)
        {
            var (all, cursor) = (new List<string>(), (string?)null);
            do
            {
                var page = (await Gateway.GetAsync(
                    $"/v1/memories?user_id={user}&limit=2&metadata={Uri.EscapeDataString(metadata)}&cursor={cursor}")).Json;
                all.AddRange(page.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("content").GetString()!));
                cursor = page.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            return all;
        }

        Assert.Equal(["note 6", "note 4", "note 2", "note 0"], await ListAsync("""{"tags":"even"}"""));
        Assert.Equal(["note 5", "note 4", "note 3"], await ListAsync("""{"n":{"gt":2,"lte":5}}"""));
        Assert.Equal(["note 5", "note 1"], await ListAsync("""{"tags":{"not":"even"},"n":{"any":[1,5]}}"""));
        (await Gateway.GetAsync("/v1/memories?metadata=x")).Blames("metadata");
        (await Gateway.GetAsync("/v1/memories?metadata=" + Uri.EscapeDataString("""{"n":{"near":3}}"""))).Blames("metadata.n");
    }

    [Fact]
    public async Task Where_a_user_is_demanded_nobody_searches_a_whole_tenant()
    {
        await using var strict = await RunningGateway.StartAsync("MEMORY_RECALL_REQUIRES_USER=true");
        await strict.PostAsync("/v1/sessions/s/turns", """{"role":"user","content":"The plums are ripe.","user_id":"ann"}""");

        (await strict.PostAsync("/v1/recall", """{"query":"plums"}""")).Blames("user_id");
        (await strict.PostAsync("/v1/recall", """{"query":"plums","session_id":"s"}""")).Blames("user_id");
        (await strict.GetAsync("/v1/sessions/s/context?query=plums")).Blames("user_id");
        (await strict.GetAsync("/v1/memory/search?query=plums")).Blames("user_id");
        (await strict.PostAsync("/memory/recall", """{"query":"plums"}""")).Blames("user_id");
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("/v1/sessions/s/context")).Status);
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("/v1/sessions/s/context?query=plums&user_id=ann")).Status);
        var found = await strict.PostAsync("/v1/recall", """{"query":"plums","user_id":"ann"}""");
        Assert.Single(found.Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_key_may_be_one_that_never_searches_a_whole_tenant()
    {
        await using var keyed = await RunningGateway.StartAsync(
            "MEMORY_API_KEYS=acme:strict-key-0123456789:requires_user,acme:wide-key-0123456789:read");
        const string strict = "X-Api-Key: strict-key-0123456789";
        await keyed.PostAsync("/v1/sessions/s/turns", """{"role":"user","content":"The plums are ripe.","user_id":"ann"}""", strict);

        (await keyed.PostAsync("/v1/recall", """{"query":"plums"}""", strict)).Blames("user_id");
        (await keyed.PostAsync("/memory/recall", """{"query":"plums"}""", strict)).Blames("user_id");
        (await keyed.GetAsync("/v1/memory/search?tenant_id=acme&query=plums", strict)).Blames("user_id");
        (await keyed.GetAsync("/v1/sessions/s/context?query=plums", strict)).Blames("user_id");
        foreach (var (body, key) in new[] { ("""{"query":"plums","user_id":"ann"}""", strict),
            ("""{"query":"plums"}""", "X-Api-Key: wide-key-0123456789") })
            Assert.Single((await keyed.PostAsync("/v1/recall", body, key)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await keyed.GetAsync("/v1/admin/summary", strict)).Status);
    }

    private async Task SayAsync(string session, string user, string content) => Assert.Equal(
        HttpStatusCode.Created,
        (await Gateway.PostAsync($"/v1/sessions/{session}/turns", JsonSerializer.Serialize(new { role = "user", content, user_id = user })))
        .Status);

    private async Task WriteAsync(string user, string kind, string content, object metadata) => Assert.Equal(
        HttpStatusCode.Created, (await Gateway.PostAsync("/v1/memories",
        JsonSerializer.Serialize(new { kind, content, user_id = user, metadata }))).Status);
}
