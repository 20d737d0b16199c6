using System.Net;
using System.Net.Sockets;
using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory serve</c> as a process, on a port and a SQLite file of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly DirectoryInfo folder;

    private RunningServer(MemoryProcess process, DirectoryInfo folder, string address, string databaseUrl)
    {
        Process = process;
        this.folder = folder;
        Address = address;
        DatabaseUrl = databaseUrl;
        http = new HttpClient { BaseAddress = new Uri(address + "/") };
        Client = new MemoryClient(http);
    }

    public string Address { get; }

    public string DatabaseUrl { get; }

    public MemoryClient Client { get; }

    internal MemoryProcess Process { get; }

    /// <summary>Starts it and waits until it takes requests.</summary>
    /// <param name="settings">MEMORY_* as NAME=VALUE, beside the address and the database.</param>
    public static async Task<RunningServer> StartAsync(params string[] settings)
    {
        var ownFolder = Directory.CreateTempSubdirectory("memory-cli-");
        var address = FreeAddress();
        var database = $"sqlite:{Path.Combine(ownFolder.FullName, "memory.db")}";
        var process = MemoryProcess.Start([$"MEMORY_URLS={address}", $"MEMORY_DATABASE_URL={database}", .. settings], "serve");
        var server = new RunningServer(process, ownFolder, address, database);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"memory serve was not ready within {Deadline}: {process.Output}{process.Error}", late);
        }
    }

    /// <summary>An address of this machine that nobody listens on.</summary>
    public static string FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
    }

    /// <summary>Runs a command against this server.</summary>
    internal Task<Finished> RunAsync(params IEnumerable<string> arguments) => MemoryProcess.RunAsync([Setting], arguments);

    /// <summary>Starts a command against this server.</summary>
    internal MemoryProcess Start(params IEnumerable<string> arguments) => MemoryProcess.Start([Setting], arguments);

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        Process.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Setting => $"MEMORY_BASE_URL={Address}";

    /// <summary>Waits until what listens at the address takes requests.</summary>
    internal Task WaitUntilReadyAsync() => Eventually.HoldsAsync(IsReadyAsync, Deadline);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await Client.GetReadyAsync();
            return true;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or MemoryApiException)
        {
            return false;
        }
    }
}

/// <summary>One server for all tests of a class; they keep apart by users and sessions of their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
