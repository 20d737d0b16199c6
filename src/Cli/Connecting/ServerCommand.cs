using System.CommandLine;

namespace MemoryOrleans.Cli.Connecting;

/// <summary>The boundary of every command that talks to a memory: what goes wrong becomes a sentence and an exit code.</summary>
internal static class ServerCommand
{
    /// <summary>Gives the command the connection options and its action.</summary>
    public static Command Against(this Command command, Func<ParseResult, Connection, CancellationToken, Task<int>> action)
    {
        var options = new ServerOptions();
        options.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed, options, action, cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, ServerOptions options, Func<ParseResult, Connection, CancellationToken, Task<int>> action,
        CancellationToken cancel)
    {
        var address = string.Empty;
        try
        {
            using var connection = options.Connect(parsed);
            address = connection.Address;
            return await action(parsed, connection, cancel);
        }
        catch (Exception exception) when (Failure.IsExpected(exception, cancel))
        {
            return await Failure.Of(exception, address).TellAsync();
        }
    }
}
