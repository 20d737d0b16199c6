using System.Text.Json;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Gateway.Tests.Mcp;

/// <summary>Every tool, over HTTP, against a real memory.</summary>
public sealed class McpToolTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway gateway = fixture.Gateway;

    [Fact]
    public async Task What_is_remembered_is_recalled_listed_corrected_and_forgotten()
    {
        var user = Calls.NewId();
        await using var client = await McpConnection.ConnectAsync(gateway);
        var id = (await client.AskAsync("remember",
            new { content = "Mira prefers the night train to Vienna.", kind = "preference", user_id = user }))
            .GetProperty("id").GetString()!;

        var recalled = (await client.AskAsync("recall", new { query = "How does Mira travel to Vienna?", user_id = user }))
            .GetProperty("items")[0];
        Assert.Equal((id, "preference"), (recalled.GetProperty("id").GetString(), recalled.GetProperty("kind").GetString()));
        Assert.InRange(recalled.GetProperty("relevance").GetDouble(), 0.01, 1);
        Assert.Equal(id, Assert.Single((await client.AskAsync("list_memories", new { user_id = user })).GetProperty("items")
            .EnumerateArray()).GetProperty("id").GetString());

        var changed = await client.AskAsync("update_memory",
            new { id, content = "Mira prefers the morning train to Vienna.", importance = 0.9 });
        Assert.Equal("Mira prefers the morning train to Vienna.", changed.GetProperty("content").GetString());
        Assert.Equal(2, (await gateway.Client.GetMemoryAsync(id)).Version);

        Assert.Equal(id, (await client.AskAsync("forget", new { id })).GetProperty("forgotten").GetString());
        Assert.Empty((await client.AskAsync("recall", new { query = "How does Mira travel to Vienna?", user_id = user }))
            .GetProperty("items").EnumerateArray());
        Assert.Contains("what was forgotten is gone", await client.RefusedAsync("forget", new { id }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recall_says_in_a_line_where_else_it_was_said_and_what_was_left_out()
    {
        var user = Calls.NewId();
        foreach (var number in Enumerable.Range(1, 5))
        {
            await gateway.PostAsync(
                $"/v1/sessions/{user}-{number}/turns",
                $$"""{"role":"user","content":"My tortoise is called Pascal.","occurred_at":"2024-05-0{{number}}T23:30:00-04:00","user_id":"{{user}}"}""");
        }

        await gateway.PostAsync($"/v1/sessions/{user}-1/turns",
            $$"""{"role":"user","content":"The ferry was late again.","user_id":"{{user}}"}""");
        await using var client = await McpConnection.ConnectAsync(gateway);
        var recalled = await client.AskAsync("recall", new { query = "What is my tortoise called?", user_id = user, min_relevance = 0.3 });

        var item = Assert.Single(recalled.GetProperty("items").EnumerateArray());
        Assert.Equal("2024-05-05T23:30:00-04:00", item.GetProperty("when").GetString());
        Assert.Equal($"2024-05-04 ({user}-4 #1), 2024-05-03 ({user}-3 #1), 2024-05-02 ({user}-2 #1) and 1 more",
            item.GetProperty("also_said").GetString());
        Assert.Equal("1 less relevant", recalled.GetProperty("cut").GetString());
        Assert.False((await client.AskAsync("recall", new { query = "ferry", user_id = user, limit = 1 })).TryGetProperty("cut", out _));
    }

    [Fact]
    public async Task A_memory_that_has_ended_is_recalled_as_of_then()
    {
        var user = Calls.NewId();
        await using var client = await McpConnection.ConnectAsync(gateway);
        var id = (await client.AskAsync("remember", new { content = "Mira lives in Graz.", user_id = user, valid_from = "2020-01-01" }))
            .GetProperty("id").GetString();
        await client.AskAsync("update_memory", new { id, valid_to = "2024-06-01T00:00:00Z", status = "archived" });

        Assert.Empty((await client.AskAsync("recall", new { query = "Where does Mira live?", user_id = user })).GetProperty("items")
            .EnumerateArray());
        var then = await client.AskAsync("recall", new { query = "Where does Mira live?", user_id = user, as_of = "2022-03-14" });
        Assert.Equal(id, then.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Empty((await client.AskAsync("recall", new { query = "Where does Mira live?", user_id = user, as_of = "2025-03-14" }))
            .GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_context_of_a_session_is_text_and_the_session_can_be_forgotten()
    {
        var session = Calls.NewId();
        await gateway.Client.AppendAsync(session, new AppendTurnRequest { Role = "user", Content = "The kiln is set to 1,040 degrees." });
        await using var client = await McpConnection.ConnectAsync(gateway);

        Assert.Contains("The kiln is set to 1,040 degrees.",
            McpConnection.TextOf(await client.CallAsync("get_context", new { session_id = session })), StringComparison.Ordinal);
        var turn = (await client.AskAsync("recall", new { query = "kiln degrees", session_id = session })).GetProperty("items")[0];
        var forgotten = await client.AskAsync("forget", new { id = turn.GetProperty("id").GetString() });
        Assert.Equal("turn", forgotten.GetProperty("what").GetString());
        Assert.Empty((await client.AskAsync("recall", new { query = "kiln degrees", session_id = session })).GetProperty("items")
            .EnumerateArray());
        Assert.DoesNotContain("kiln", McpConnection.TextOf(await client.CallAsync("get_context", new { session_id = session })),
            StringComparison.Ordinal);
        await client.AskAsync("forget", new { id = turn.GetProperty("session_id").GetString(), what = "session" });
        Assert.Contains("Use recall", await client.RefusedAsync("get_context", new { session_id = session }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entities_are_saved_related_found_walked_and_forgotten()
    {
        var user = Calls.NewId();
        await using var client = await McpConnection.ConnectAsync(gateway);
        var mira = await client.AskAsync("save_entity",
            new { name = "Mira", type = "person", observations = new[] { "Bakes rye bread." }, user_id = user });
        Assert.Equal("Bakes rye bread.", mira.GetProperty("observations")[0].GetProperty("content").GetString());
        var works = await client.AskAsync("relate", new { from = "Mira", type = "works_at", to = "Bakery", user_id = user });
        await client.AskAsync("relate", new { from = "Bakery", type = "buys_from", to = "Mill", user_id = user });

        Assert.Equal(mira.GetProperty("id").GetString(),
            (await client.AskAsync("search_entities", new { query = "rye bread", user_id = user })).GetProperty("items")[0]
            .GetProperty("id").GetString());
        var seen = await client.AskAsync("get_entity", new { entity = "mira", user_id = user });
        Assert.Equal("Bakery", seen.GetProperty("relations")[0].GetProperty("to").GetString());
        var path = await client.AskAsync("find_path", new { from = "Mira", to = "Mill", user_id = user });
        Assert.Equal(["Mira works_at Bakery", "Bakery buys_from Mill"],
            path.GetProperty("steps").EnumerateArray().Select(static each => each.GetString()));

        Assert.Equal(
            "2030-01-01T00:00:00Z",
            (await client.AskAsync("relate",
            new { from = "Mira", type = "works_at", to = "Bakery", valid_to = "2030-01-01", user_id = user })).GetProperty("valid_to")
            .GetString());
        await client.AskAsync("forget",
            new { id = mira.GetProperty("observations")[0].GetProperty("id").GetString(), what = "observation" });
        await client.AskAsync("forget", new { id = works.GetProperty("id").GetString(), what = "relation" });
        await client.AskAsync("forget", new { id = mira.GetProperty("id").GetString(), what = "entity" });
        Assert.Contains("There is no entity called Mira.",
            await client.RefusedAsync("get_entity", new { entity = "Mira", user_id = user }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_tell_the_model_what_to_do()
    {
        await using var client = await McpConnection.ConnectAsync(gateway);
        Assert.Contains("content must not be empty or blank", await client.RefusedAsync("remember", new { content = " " }),
            StringComparison.Ordinal);
        Assert.Contains("argument importance", await client.RefusedAsync("remember", new { content = "x", importance = "high" }),
            StringComparison.Ordinal);
        Assert.Contains("contents", await client.RefusedAsync("remember", new { contents = "x" }), StringComparison.Ordinal);
        Assert.Contains("content", await client.RefusedAsync("remember", new { }), StringComparison.Ordinal);
        Assert.Contains("a day like 2025-03-14", await client.RefusedAsync("recall", new { query = "x", as_of = "yesterday" }),
            StringComparison.Ordinal);
        Assert.Contains("is a turn", await client.RefusedAsync("update_memory", new { id = "s:1", content = "x" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_s_listing_is_small_and_says_what_may_be_done()
    {
        await using var client = await McpConnection.ConnectAsync(gateway);
        var tools = await client.ListToolsAsync();
        Assert.Equal(
            ["remember", "recall", "get_context", "list_memories", "update_memory", "forget", "save_entity", "get_entity",
            "search_entities", "relate", "find_path"],
            tools.Select(static each => each.Name));
        Assert.All(tools, static tool => Assert.InRange(tool.JsonSchema.GetRawText().Length, 50, 1_600));
        Assert.All(tools, static tool =>
            Assert.All(tool.JsonSchema.GetProperty("properties").EnumerateObject(),
            static each => Assert.True(each.Value.TryGetProperty("description", out _), each.Name)));
        var forget = tools.Single(static each => each.Name == "forget").ProtocolTool.Annotations!;
        Assert.Equal((true, false), (forget.DestructiveHint, forget.ReadOnlyHint));
        Assert.True(tools.Single(static each => each.Name == "recall").ProtocolTool.Annotations!.ReadOnlyHint);
        Assert.Equal(JsonValueKind.String,
            tools[0].JsonSchema.GetProperty("properties").GetProperty("content").GetProperty("type").ValueKind);
        Assert.NotEmpty(client.ServerInstructions!);
    }
}
