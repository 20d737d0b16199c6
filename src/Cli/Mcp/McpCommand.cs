using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Terminal;
using MemoryOrleans.Client;
using MemoryOrleans.Gateway.Mcp;
using MemoryOrleans.Settings;
using MemoryOrleans.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace MemoryOrleans.Cli.Mcp;

/// <summary>
/// <c>memory mcp</c>: the memory as an MCP server over stdin and stdout, which belong to the protocol alone: whatever else there is to
/// say goes to stderr.
/// </summary>
internal static class McpCommand
{
    private static readonly Option<string?> File = OptionForms.Word(
        "--file", "PATH", "Keep the memory in this SQLite file and run it inside this process: no server is needed. One process at a time");

    private static readonly Option<string?> User = OptionForms.Word(
        "--user", "USER", "The user that the tools speak of. Default: MEMORY_MCP_USER, else each call says");

    private static readonly Option<string?> Agent =
        OptionForms.Word("--agent", "AGENT", "The agent that the tools speak for. Default: MEMORY_MCP_AGENT");

    private static readonly Option<string?> Session =
        OptionForms.Word("--session", "SESSION", "The session that the tools read. Default: MEMORY_MCP_SESSION");

    public static Command Create()
    {
        var server = new ServerOptions();
        var command = new ExplainedCommand("mcp", "Be an MCP server over stdin and stdout, for coding agents and desktop clients.", """
            Without --file it speaks for a running memory (--base, --key). docs/mcp.md has configurations to copy.

            Examples:
              memory mcp --file ~/.memory/memory.db --user mira
              memory mcp --base https://memory.example.com --user mira
            """)
        {
            File, User, Agent, Session,
        };
        server.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed, server, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServerOptions server, CancellationToken cancel)
    {
        try
        {
            var scope = ScopeOf(parsed);
            if (parsed.GetValue(File) is { } path)
                return await RunEmbeddedAsync(path, scope, cancel);
            using var connection = server.Connect(parsed);
            using var logs = LoggerFactory.Create(static logging => LogToStandardError(logging));
            await ServeAsync(connection.Client, scope, logs, cancel);
            return ExitCode.Done;
        }
        catch (Exception wrong) when (Serve.StartFailure.Of(wrong) is { } failure)
        {
            return await failure.TellAsync();
        }
        catch (Exception expected) when (Failure.IsExpected(expected, cancel))
        {
            // A client ends a server by a signal as often as by closing its input.
            if (cancel.IsCancellationRequested)
                return ExitCode.Done;
            return await Failure.Of(expected, string.Empty).TellAsync();
        }
    }

    private static async Task<int> RunEmbeddedAsync(string path, ToolScope scope, CancellationToken cancel)
    {
        await using var memory = await EmbeddedMemory.StartAsync(path, cancel);
        await ServeAsync(memory.Client, scope, memory.Logs, cancel);
        return ExitCode.Done;
    }

    private static async Task ServeAsync(MemoryClient client, ToolScope scope, ILoggerFactory logs, CancellationToken cancel)
    {
        var options = new McpServerOptions();
        MemoryMcp.Configure(options, client, scope);
        await using var transport = new StdioServerTransport(options, logs);
        await using var server = McpServer.Create(transport, options, logs);
        await server.RunAsync(cancel);
    }

    private static ToolScope ScopeOf(ParseResult parsed)
    {
        var settings = new MemorySettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        var set = McpSettings.Read(settings);
        settings.ThrowIfInvalid();
        var scope = new ToolScope(parsed.GetValue(User) ?? set.UserId, parsed.GetValue(Agent) ?? set.AgentId,
            parsed.GetValue(Session) ?? set.SessionId);
        foreach (var (option, id) in new[] { ("--user", scope.UserId), ("--agent", scope.AgentId), ("--session", scope.SessionId) })
        {
            if (id is not null && !Identifiers.IsValid(id))
                throw new UsageException($"{option} must be {Identifiers.Form}, but is '{id}'.");
        }

        return scope;
    }

    private static void LogToStandardError(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
