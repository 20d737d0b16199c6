using System.CommandLine;
using System.Net.Sockets;
using MemoryOrleans.Cli.Connecting;
using MemoryOrleans.Composition;
using MemoryOrleans.Embedded;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Gateway;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Models;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Cli.Serve;

/// <summary><c>memory serve</c>: the gateway and the memory in this process, until a signal.</summary>
internal static class ServeCommand
{
    internal const int SettingsWrong = 78;
    internal const int StoreWrong = 74;
    private const int AddressWrong = 71;
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    public static Command Create()
    {
        var command = new Command("serve", "Run the memory over HTTP, with embedded SQLite or over PostgreSQL. Settings are MEMORY_* environment variables.");
        command.SetAction(static (_, cancel) => RunAsync([], cancel));
        return command;
    }

    /// <summary>
    /// Runs until stopped; the exit code: 0, 78 for settings that are not valid, 74 for a store that cannot be opened, 71 for
    /// an address that cannot be listened on.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        try
        {
            await using var app = await BuildAsync(WebApplication.CreateSlimBuilder(arguments), cancel);
            await app.RunAsync(cancel);
            return 0;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return SettingsWrong;
        }
        catch (Exception wrong) when (OpenStore.IsExplained(wrong))
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return StoreWrong;
        }
        catch (Exception wrong) when (wrong is SocketException or IOException { InnerException: AddressInUseException })
        {
            await Console.Error.WriteLineAsync($"{wrong.Message.TrimEnd('.')}. MEMORY_URLS says where to listen.");
            return AddressWrong;
        }
    }

    /// <summary>Composes gateway, host and store; reads all settings first, so that their errors come together.</summary>
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder, CancellationToken cancel)
    {
        var settings = new MemorySettings(builder.Configuration);
        var host = HostSettings.Read(settings);

        // Not used here, but no misspellings of other settings either.
        _ = ClusterSettings.Read(settings);
        _ = ClientSettings.Read(settings);
        var options = builder.AddMemoryGateway(settings);

        // A failed start ends in one sentence instead.
        var started = false;
        builder.Logging.AddFilter(HostLog, level => started && level >= options.LogLevel);
        await OpenStore.AddAsync(builder.Services, host.Store, cancel);
        builder.Services.AddSingleton<IEmbedder, StaticEmbedder>();
        host.Embedding.AddTo(builder.Services);
        host.Chat.AddTo(builder.Services);
        builder.Services.AddMemory(host.Memory);
        var app = builder.Build();
        _ = app.Services.GetRequiredService<ISessionStore>();
        app.MapMemory();
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        return app;
    }
}
