using System.CommandLine;
using System.Net.Sockets;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace MemoryOrleans.Cli.Serve;

/// <summary><c>memory serve</c>: the gateway and the memory in this process, until a signal.</summary>
internal static class ServeCommand
{
    private const int AddressWrong = 71;
    private const int RoomTooSmall = 71;
    private const int Unexpected = 70;

    public static Command Create()
    {
        var command = new Command("serve",
            "Run the memory over HTTP, with embedded SQLite or over PostgreSQL. Settings are MEMORY_* environment variables.");
        command.SetAction(static (_, cancel) => RunAsync([], cancel));
        return command;
    }

    /// <summary>
    /// Runs until stopped; the exit code: 0, 78 for settings that are not valid, 74 for a store that cannot be opened, 71 for
    /// an address that cannot be listened on, too few file handles or too little memory, 70 for anything else.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        if ((FileHandles.Shortage(FileHandles.Limit()) ?? HeapRoom.Shortage(HeapRoom.Limit())) is { } shortage)
        {
            await Console.Error.WriteLineAsync(shortage);
            return RoomTooSmall;
        }

        try
        {
            await using var app = await BuildAsync(WebApplication.CreateSlimBuilder(arguments), cancel);
            await app.RunAsync(cancel);
            return 0;
        }
        catch (Exception wrong) when (StartFailure.Of(wrong) is { } failure)
        {
            return await failure.TellAsync();
        }
        catch (Exception wrong) when (wrong is IOException { InnerException: AddressInUseException })
        {
            await Console.Error.WriteLineAsync($"{wrong.Message.TrimEnd('.')}. MEMORY_URLS says where to listen.");
            return AddressWrong;
        }
        catch (Exception wrong) when (wrong is SocketException or AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"{wrong.Message.TrimEnd('.')}. MEMORY_URLS says where to listen; in a cluster MEMORY_CLUSTER_SILO_PORT, "
                + $"MEMORY_CLUSTER_GATEWAY_PORT and MEMORY_CLUSTER_ADDRESS do too.");
            return AddressWrong;
        }
        catch (InvalidDataException wrong)
        {
            await Console.Error.WriteLineAsync(
                $"{wrong.Message} {(wrong.InnerException?.InnerException ?? wrong.InnerException)?.Message}".TrimEnd());
            return StartFailure.SettingsWrong;
        }
        catch (Exception wrong)
        {
            // Whatever it is: one sentence, and where to look for more.
            var cause = wrong.GetBaseException();
            await Console.Error.WriteLineAsync(cause is OutOfMemoryException
                ? "There is not enough memory to start: raise the limit of its container, or DOTNET_GCHeapHardLimit."
                : $"The memory could not go on: {cause.GetType().Name}: "
                    + $"{cause.Message.Split('\n')[0]}{(ShowsStack() ? Environment.NewLine + wrong : " (MEMORY_LOG_LEVEL=debug shows where)")}");
            return cause is OutOfMemoryException ? RoomTooSmall : Unexpected;
        }
    }

    private static bool ShowsStack() =>
        Environment.GetEnvironmentVariable("MEMORY_LOG_LEVEL")?.ToUpperInvariant() is "DEBUG" or "TRACE";

    /// <summary>The memory's one composition; the command line's own settings are known beside its.</summary>
    public static Task<WebApplication> BuildAsync(WebApplicationBuilder builder, CancellationToken cancel) =>
        ServeMemory.BuildAsync(builder, static settings => ClientSettings.Read(settings), cancel);
}
