using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory mcp</c> as a client starts it: a process, spoken to by the SDK's own client over stdin and stdout.</summary>
public sealed class McpTests(SharedServer fixture) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task It_speaks_for_a_running_memory()
    {
        await using var client = await ConnectAsync([], "mcp", "--base", fixture.Server.Address, "--user", "mcp-mira");
        await AskAsync(client, "remember", new() { ["content"] = "Mira keeps bees." });

        Assert.Equal("Mira keeps bees.",
            Assert.Single((await fixture.Server.Client.ListMemoriesAsync(new(UserId: "mcp-mira"))).Items).Content);
        var recalled = await AskAsync(client, "recall", new() { ["query"] = "What does Mira keep?" });
        Assert.Equal("Mira keeps bees.", recalled.GetProperty("items")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task It_keeps_a_memory_in_a_file_from_one_run_to_the_next()
    {
        var folder = Directory.CreateTempSubdirectory("memory-mcp-");
        try
        {
            var file = Path.Combine(folder.FullName, "memory.db");
            await using (var first = await ConnectAsync(["MEMORY_MCP_USER=mira"], "mcp", "--file", file))
                await AskAsync(first, "remember", new() { ["content"] = "The spare key is under the fern." });

            await using var second = await ConnectAsync(["MEMORY_MCP_USER=mira"], "mcp", "--file", file);
            var recalled = await AskAsync(second, "recall", new() { ["query"] = "Where is the spare key?" });
            Assert.Equal("The spare key is under the fern.", recalled.GetProperty("items")[0].GetProperty("content").GetString());
            Assert.Equal("memory://users/mira/profile", Assert.Single(await second.ListResourcesAsync()).Uri);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_docs_mcp_shows_of_the_sdk_works()
    {
        var folder = Directory.CreateTempSubdirectory("memory-mcp-");
        try
        {
            var (dll, file) = (Path.Combine(AppContext.BaseDirectory, "memory.dll"), Path.Combine(folder.FullName, "memory.db"));
            var start = new StdioClientTransportOptions { Command = "dotnet", Arguments = [dll, "mcp", "--file", file, "--user", "me"] };
            await using var client = await McpClient.CreateAsync(new StdioClientTransport(start));
            await client.CallToolAsync("remember", new Dictionary<string, object?> { ["content"] = "My starter is called Hubert." });
            var found = await client.CallToolAsync("recall", new Dictionary<string, object?> { ["query"] = "What is the starter called?" });
            Assert.Contains("Hubert", TextOf(found), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_memory_that_is_not_there_is_said_to_the_model()
    {
        await using var client = await ConnectAsync([], "mcp", "--base", RunningServer.FreeAddress());
        var answer = await client.CallToolAsync("recall",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = "anything" });
        Assert.True(answer.IsError);
        Assert.Contains("Go on without it", TextOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_arguments_end_it_with_a_sentence_on_stderr_alone()
    {
        var ended = await MemoryProcess.RunAsync([], "mcp", "--user", "two words");
        Assert.Equal((2, string.Empty), (ended.ExitCode, ended.Output));
        Assert.Contains("--user must be", ended.Error, StringComparison.Ordinal);
        var unopened = await MemoryProcess.RunAsync([], "mcp", "--file", "/dev/null/memory.db");
        Assert.Equal((74, string.Empty), (unopened.ExitCode, unopened.Output));
    }

    private static Task<McpClient> ConnectAsync(IEnumerable<string> settings, params string[] arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(static name => name.StartsWith("MEMORY_", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(static name => name, static _ => (string?)null, StringComparer.Ordinal);
        foreach (var setting in settings)
            environment[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] =
                setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Arguments = [Path.Combine(AppContext.BaseDirectory, "memory.dll"), .. arguments],
            EnvironmentVariables = environment,
            WorkingDirectory = Path.GetTempPath(),
        }));
    }

    private static async Task<JsonElement> AskAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments);
        Assert.False(answer.IsError ?? false, TextOf(answer));
        return JsonSerializer.Deserialize<JsonElement>(TextOf(answer));
    }

    private static string TextOf(CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;
}
