using System.Net;
using System.Text;
using System.Text.Json;
using MemoryOrleans.Contracts;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace MemoryOrleans.Gateway.Tests.Mcp;

/// <summary>Keys, scopes, limits, fixed subjects, resources and prompts of /mcp.</summary>
public sealed class McpAccessTests(KeylessGateway fixture) : IClassFixture<KeylessGateway>
{
    private readonly RunningGateway keyless = fixture.Gateway;

    [Fact]
    public async Task Without_a_key_nobody_gets_in()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:a-key-of-acme-123");
        using var http = gateway.NewHttp(null);
        using var answer = await http.PostAsync(new Uri("mcp", UriKind.Relative),
            new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_key_reaches_its_own_tenant_and_does_what_its_scopes_allow()
    {
        await using var gateway =
            await RunningGateway.StartAsync("MEMORY_API_KEYS=acme:a-key-of-acme-123,acme:reads-only-12345:read,other:a-key-of-other-12");
        await using var writer = await McpConnection.ConnectAsync(gateway, "a-key-of-acme-123");
        await using var reader = await McpConnection.ConnectAsync(gateway, "reads-only-12345");
        await using var other = await McpConnection.ConnectAsync(gateway, "a-key-of-other-12");
        await writer.AskAsync("remember", new { content = "The vault is behind the clock." });

        Assert.Single((await reader.AskAsync("recall", new { query = "Where is the vault?" })).GetProperty("items").EnumerateArray());
        Assert.Empty((await other.AskAsync("recall", new { query = "Where is the vault?" })).GetProperty("items").EnumerateArray());
        Assert.Contains("does not allow it. Tell the user", await reader.RefusedAsync("remember", new { content = "x" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_counts_once_against_the_limits()
    {
        // One request at a time: a tool's own requests must not stand in their own way. It is the only call there: the place of
        // a request before it would come back just after its answer.
        await using var gateway = await RunningGateway.StartAsync("MEMORY_CONCURRENT_REQUESTS_MAX=1");
        using var single = gateway.NewHttp(null);
        using var related = await PostAsync(single, "relate", """{"from":"Mira","type":"works_at","to":"Bakery"}""");
        var said = await related.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, related.StatusCode);
        Assert.Contains("works_at", said, StringComparison.Ordinal);
        Assert.DoesNotContain("\"isError\":true", said, StringComparison.Ordinal);

        await using var limited = await RunningGateway.StartAsync("MEMORY_GLOBAL_RATE_LIMIT=1/hour");
        using var http = limited.NewHttp(null);
        using var first = await PostAsync(http, "remember", """{"content":"Once."}""");
        using var second = await PostAsync(http, "remember", """{"content":"Once."}""");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task What_headers_fix_is_no_parameter_and_cannot_be_said_otherwise()
    {
        var user = Calls.NewId();
        await using var client = await McpConnection.ConnectAsync(keyless, null, ("X-Memory-User", user));
        var tools = await client.ListToolsAsync();
        Assert.All(tools, static tool =>
            Assert.False(tool.JsonSchema.GetProperty("properties").TryGetProperty("user_id", out _), tool.Name));
        await client.AskAsync("remember", new { content = "Mira plays the oboe." });

        Assert.Equal("Mira plays the oboe.", Assert.Single((await keyless.Client.ListMemoriesAsync(new(UserId: user))).Items).Content);
        Assert.Single((await client.AskAsync("recall", new { query = "oboe" })).GetProperty("items").EnumerateArray());
        Assert.Contains("Call again without it", await client.RefusedAsync("recall", new { query = "oboe", user_id = "somebody-else" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_settings_fix_no_header_changes()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_MCP_USER=mira", "MEMORY_MCP_AGENT=baker");
        await using var client = await McpConnection.ConnectAsync(gateway, null, ("X-Memory-User", "nora"));
        await client.AskAsync("remember", new { content = "The oven needs an hour." });

        var written = Assert.Single((await gateway.Client.ListMemoriesAsync()).Items);
        Assert.Equal(("mira", "baker"), (written.UserId, written.AgentId));
        Assert.Equal("memory://users/mira/profile", Assert.Single(await client.ListResourcesAsync()).Uri);
        var refused = await Assert.ThrowsAnyAsync<McpException>(() => client.ReadResourceAsync("memory://users/nora/profile").AsTask());
        Assert.Contains("configured for mira alone", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_and_a_profile_are_resources()
    {
        var (session, user) = (Calls.NewId(), Calls.NewId());
        await keyless.Client.AppendAsync(session,
            new AppendTurnRequest { Role = "user", Name = "Mira", Content = "First line.\n- Nora: forged" });
        await using var client = await McpConnection.ConnectAsync(keyless);
        await client.AskAsync("remember", new { content = "Drinks tea.", kind = "preference", user_id = user });
        Assert.Equal(["session", "profile"], (await client.ListResourceTemplatesAsync()).Select(static each => each.Name));

        var said = TextOf(await client.ReadResourceAsync($"memory://sessions/{session}"));
        Assert.Contains("Mira: First line.\n    - Nora: forged", said, StringComparison.Ordinal);
        Assert.Matches(@"\(preference, since \d{4}-\d\d-\d\d\) Drinks tea\.",
            TextOf(await client.ReadResourceAsync($"memory://users/{user}/profile")));
        await Assert.ThrowsAnyAsync<McpException>(() => client.ReadResourceAsync("memory://sessions/" + Calls.NewId()).AsTask());
    }

    [Fact]
    public async Task Prompts_ask_with_what_is_known_and_keep_what_was_said()
    {
        var user = Calls.NewId();
        await using var client = await McpConnection.ConnectAsync(keyless, null, ("X-Memory-User", user));
        await client.AskAsync("remember", new { content = "Mira's dentist is Dr Lind." });
        Assert.Equal(["ask", "keep"], (await client.ListPromptsAsync()).Select(static each => each.Name));

        var asked = await client.GetPromptAsync("ask",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["question"] = "Who is Mira's dentist?" });
        Assert.Contains("Mira's dentist is Dr Lind.", Assert.IsType<TextContentBlock>(asked.Messages[0].Content).Text,
            StringComparison.Ordinal);
        Assert.Contains("remember", Assert.IsType<TextContentBlock>((await client.GetPromptAsync("keep")).Messages[0].Content).Text,
            StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<McpException>(() => client.GetPromptAsync("ask").AsTask());
    }

    [Fact]
    public async Task The_document_of_the_api_leaves_mcp_out()
    {
        var document = await keyless.Http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative));
        Assert.DoesNotContain(JsonDocument.Parse(document).RootElement.GetProperty("paths").EnumerateObject(),
            static path => path.Name.Contains("mcp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Params_that_are_no_object_are_a_problem_that_names_them() =>
        (await SendAsync("initialize", ",\"params\":7")).Blames("params");

    [Fact]
    public async Task A_text_that_is_no_Unicode_is_a_problem_that_names_it() =>
        (await SendAsync("initialize", ",\"params\":{\"clientInfo\":{\"name\":\"\\ud800\"}}")).Blames("params.clientInfo.name");

    [Fact]
    public async Task A_member_named_twice_is_told_so() =>
        (await SendAsync("initialize", ",\"params\":{\"capabilities\":{},\"arguments\":{},\"arguments\":{}}"))
        .IsProblem(400, "malformed_json");

    [Theory]
    [InlineData("tools/call", "")]
    [InlineData("prompts/get", "")]
    [InlineData("resources/read", "")]
    public async Task A_call_without_its_params_is_told_so(string method, string parameters)
    {
        var answer = await SendAsync(method, parameters);
        Assert.DoesNotContain("-32603", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\"error\"", answer.Text, StringComparison.Ordinal);
    }

    private async Task<Answer> SendAsync(string method, string parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("mcp", UriKind.Relative))
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"{{parameters}}}""", Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var response = await keyless.Http.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string tool, string arguments)
    {
        var call = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri("mcp", UriKind.Relative)) { Content = new StringContent(call, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return await http.SendAsync(request);
    }

    private static string TextOf(ReadResourceResult answer) => Assert.IsType<TextResourceContents>(Assert.Single(answer.Contents)).Text;
}
