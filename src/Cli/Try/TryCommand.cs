using System.CommandLine;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Cli.Mcp;
using MemoryOrleans.Cli.Serve;
using MemoryOrleans.Cli.Terminal;

namespace MemoryOrleans.Cli.Try;

/// <summary><c>memory try</c>: a tour of what a memory does, in this process alone and on a database that is gone afterwards.</summary>
internal static class TryCommand
{
    public static Command Create()
    {
        var command = new ExplainedCommand("try", "Take a two-minute tour on sample conversations; nothing is needed and nothing is left behind.", """
            A memory is started inside this process, over a database in a new folder of the system's temporary one, with no port
            open. On a terminal it waits for Enter between the steps; Ctrl-C ends it at any step.
            """);
        command.SetAction(static (_, cancel) => RunAsync(cancel));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("memory-try-");
        try
        {
            await using var memory = await EmbeddedMemory.StartAsync(
                Path.Combine(folder.FullName, "memory.db"), cancel,
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["MEMORY_LOG_LEVEL"] = "error" });
            await new Tour(memory.Client, Console.Out, Pause(cancel)).RunAsync(cancel);
            return ExitCode.Done;
        }
        catch (Exception wrong) when (StartFailure.Of(wrong) is { } failure)
        {
            return await failure.TellAsync();
        }
        catch (Exception expected) when (Failure.IsExpected(expected, cancel))
        {
            return await Failure.Of(expected, "this process").TellAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Without a person there is nobody to wait for.
    private static Func<Task> Pause(CancellationToken cancel) => Console.IsInputRedirected || Console.IsOutputRedirected
        ? static () => Task.CompletedTask
        : async () =>
        {
            await Console.Out.WriteAsync("[Enter] ");
            await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancel);
        };
}
