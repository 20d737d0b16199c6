using MemoryOrleans.Client;

namespace MemoryOrleans.Cli.Tests;

/// <summary><c>memory serve</c> as a process, on a port and a SQLite file of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

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
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An address of this machine that nobody listens on.</summary>
    public static string FreeAddress() => $"http://127.0.0.1:{FreePorts.Next()}";

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
    /// <param name="next">The process that listens there now, where it is not the first.</param>
    /// <exception cref="InvalidOperationException">The process has ended; the message holds what it wrote.</exception>
    /// <exception cref="TimeoutException">It is not ready in time; the same.</exception>
    internal async Task WaitUntilReadyAsync(MemoryProcess? next = null)
    {
        var process = next ?? Process;
        try
        {
            await Eventually.HoldsAsync(() => IsReadyAsync(process), Deadline);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"memory serve was not ready within {Deadline}: {process.Output}{process.Error}", late);
        }
    }

    private async Task<bool> IsReadyAsync(MemoryProcess process)
    {
        var isReady = await IsAnsweredAsync();

        // What answers is somebody else where the process itself has ended.
        if (!process.HasExited)
            return isReady;
        var ended = await process.EndAsync();
        throw new InvalidOperationException($"memory serve ended before it was ready: {ended.Output}{ended.Error}");
    }

    private async Task<bool> IsAnsweredAsync()
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
