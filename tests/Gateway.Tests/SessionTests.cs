using System.Net;
using System.Text.Json;

namespace MemoryOrleans.Gateway.Tests;

public sealed class SessionTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task Sessions_are_listed_by_owner_and_status_page_by_page()
    {
        var user = Calls.NewId();
        for (var i = 0; i < 5; i++)
            await gateway.PostAsync($"/v1/sessions/{user}.{i}/turns",
                JsonSerializer.Serialize(new { role = "user", content = "x", user_id = user, agent_id = i == 4 ? "other" : "bot" }));
        await gateway.PostAsync($"/v1/sessions/{user}.0/close", null);

        Assert.Equal([$"{user}.4", $"{user}.3", $"{user}.2", $"{user}.1", $"{user}.0"], await ListAsync($"user_id={user}&limit=2"));
        Assert.Equal([$"{user}.4"], await ListAsync($"user_id={user}&agent_id=other"));
        Assert.Equal([$"{user}.0"], await ListAsync($"user_id={user}&status=closed"));
        Assert.Equal(4, (await ListAsync($"user_id={user}&status=open&limit=3")).Count);
        Assert.Empty(await ListAsync("user_id=nobody"));
    }

    [Fact]
    public async Task A_session_is_answered_with_its_etag_and_304_when_it_is_known()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("one"));
        var answer = await gateway.GetAsync($"/v1/sessions/{id}");
        Assert.Equal("\"1\"", answer.ETag);
        Assert.Equal("open", answer.Json.GetProperty("status").GetString());
        Assert.Equal(1, answer.Json.GetProperty("version").GetInt64());
        foreach (var known in new[] { "\"1\"", "W/\"1\"", "\"7\", \"1\"", "*" })
        {
            var unchanged = await gateway.GetAsync($"/v1/sessions/{id}", "If-None-Match: " + known);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.Status);
            Assert.Equal("\"1\"", unchanged.ETag);
            Assert.Empty(unchanged.Text);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync($"/v1/sessions/{id}", "If-None-Match: \"2\"")).Status);
    }

    [Fact]
    public async Task Closing_changes_the_version_once_and_an_append_reopens()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("one"));
        (await gateway.PostAsync($"/v1/sessions/{id}/close", null, "If-Match: \"9\"")).IsProblem(412, "precondition_failed");
        var closed = await gateway.PostAsync($"/v1/sessions/{id}/close", null, "If-Match: \"1\"");
        Assert.Equal(HttpStatusCode.OK, closed.Status);
        Assert.Equal("closed", closed.Json.GetProperty("status").GetString());
        Assert.Equal("\"2\"", closed.ETag);
        Assert.Equal("\"2\"", (await gateway.PostAsync($"/v1/sessions/{id}/close", null)).ETag);
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("two"));
        Assert.Equal("open", (await gateway.GetAsync($"/v1/sessions/{id}")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Deleting_removes_everything_and_the_id_starts_anew()
    {
        var id = Calls.NewId();
        await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("the zanzibar secret"));
        (await gateway.Http.CallAsync("DELETE", $"/v1/sessions/{id}", null, "If-Match: \"9\"")).IsProblem(412, "precondition_failed");
        var deleted = await gateway.Http.CallAsync("DELETE", $"/v1/sessions/{id}", null);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        (await gateway.Http.CallAsync("DELETE", $"/v1/sessions/{id}", null)).IsProblem(404, "not_found");
        (await gateway.GetAsync($"/v1/sessions/{id}")).IsProblem(404, "not_found");
        (await gateway.GetAsync($"/v1/sessions/{id}/turns")).IsProblem(404, "not_found");
        Assert.Empty((await gateway.PostAsync("/v1/recall", $$"""{"query":"zanzibar","session_id":"{{id}}"}""")).Json.GetProperty("items")
            .EnumerateArray());
        var again = await gateway.PostAsync($"/v1/sessions/{id}/turns", Calls.Said("new"));
        Assert.Equal(1, again.Json.GetProperty("seq").GetInt64());
        Assert.NotEqual("\"1\"", again.ETag);
    }

    [Fact]
    public async Task Turns_are_paged_in_order()
    {
        var id = Calls.NewId();
        var turns = Enumerable.Range(1, 7).Select(i => new { role = "user", content = "turn " + i });
        await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", JsonSerializer.Serialize(new { turns }));
        var (seqs, cursor, pages) = (new List<long>(), string.Empty, 0);
        do
        {
            var page = (await gateway.GetAsync($"/v1/sessions/{id}/turns?limit=3{cursor}")).Json;
            seqs.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("seq").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + next : null;
            pages++;
        }
        while (cursor is not null);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], seqs);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Working_memory_is_the_newest_turns()
    {
        var id = Calls.NewId();
        var turns = Enumerable.Range(1, 60).Select(i => new { role = "user", content = "turn " + i });
        await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", JsonSerializer.Serialize(new { turns }));
        var view = (await gateway.GetAsync($"/v1/sessions/{id}/working-memory")).Json;
        Assert.Equal(id, view.GetProperty("session_id").GetString());
        var window = view.GetProperty("turns").EnumerateArray().Select(t => t.GetProperty("seq").GetInt64()).ToArray();
        Assert.Equal(60, window[^1]);
        Assert.Equal(60 - window.Length, view.GetProperty("turns_before").GetInt64());
        Assert.True(view.GetProperty("tokens").GetInt32() > 0);
        var summary = view.GetProperty("summary").EnumerateArray().ToArray();
        Assert.NotEmpty(summary);
        Assert.All(summary, part => Assert.All(part.GetProperty("sources").EnumerateArray(), source =>
        {
            Assert.Equal(id, source.GetProperty("session_id").GetString());
            Assert.InRange(source.GetProperty("seq").GetInt64(), 1, 60 - window.Length);
        }));
        (await gateway.GetAsync($"/v1/sessions/{Calls.NewId()}/working-memory")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_context_stays_inside_its_budget_and_cites_turns()
    {
        var id = Calls.NewId();
        var turns = Enumerable.Range(1, 60)
            .Select(i => new { role = "user", content = $"On day {i} we walked to the harbour and counted {i} boats." });
        await gateway.PostAsync($"/v1/sessions/{id}/turns/batch", JsonSerializer.Serialize(new { turns }));
        var block = (await gateway.GetAsync($"/v1/sessions/{id}/context?query=how%20many%20boats%20on%20day%203&max_tokens=300")).Json;
        Assert.InRange(block.GetProperty("tokens").GetInt32(), 1, 300);
        Assert.Equal(300, block.GetProperty("max_tokens").GetInt32());
        var citations = block.GetProperty("citations").EnumerateArray().ToArray();
        Assert.NotEmpty(citations);
        Assert.All(citations, c =>
        {
            Assert.Contains(c.GetProperty("label").GetString()!, block.GetProperty("text").GetString(), StringComparison.Ordinal);
            var source = c.GetProperty("sources").EnumerateArray().First();
            Assert.Equal(id, source.GetProperty("session_id").GetString());
            Assert.InRange(source.GetProperty("seq").GetInt64(), 1, 60);
            if (c.GetProperty("kind").GetString() == "turn")
                Assert.Equal(source.GetProperty("turn_id").GetString(), c.GetProperty("turn_id").GetString());
            else
                Assert.NotEmpty(c.GetProperty("memory_id").GetString()!);
        });
        (await gateway.GetAsync($"/v1/sessions/{Calls.NewId()}/context")).IsProblem(404, "not_found");
    }

    private async Task<List<string>> ListAsync(string query)
    {
        var (ids, cursor) = (new List<string>(), string.Empty);
        while (cursor is not null)
        {
            var page = (await gateway.GetAsync($"/v1/sessions?{query}{cursor}")).Json;
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + Uri.EscapeDataString(next) : null;
        }

        return ids;
    }
}
