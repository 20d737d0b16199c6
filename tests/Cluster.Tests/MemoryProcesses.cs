using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using MemoryOrleans.Storage.Postgres;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>The shipped executable in processes of their own, over one database that goes with them.</summary>
internal sealed class MemoryProcesses : IAsyncDisposable
{
    private static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(60);
    private readonly List<Process> processes = [];
    private readonly List<HttpClient> clients = [];
    private readonly Channel<string> said = Channel.CreateUnbounded<string>();

    private MemoryProcesses(PostgresStoreOptions database) => Database = database;

    public PostgresStoreOptions Database { get; }

    /// <summary>The next line that holds a text, of all that the processes write.</summary>
    /// <exception cref="OperationCanceledException">None came in half a minute.</exception>
    public async Task<string> WhenSaidAsync(string text)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var line = await said.Reader.ReadAsync(late.Token);
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
    }

    /// <summary>What was said so far is not asked for any more.</summary>
    public void ForgetSaid()
    {
        while (said.Reader.TryRead(out _))
        {
            // The next line is of what comes.
        }
    }

    public static async Task<MemoryProcesses> NewAsync() => new(await TestDatabase.NewOptionsAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await TestDatabase.DropAsync(Database);
    }

    /// <summary>A process that answers readiness, and a client of its HTTP port; both end with this object.</summary>
    /// <param name="settings">NAME=VALUE, after those that every process has.</param>
    public async Task<(Process Process, HttpClient Client)> StartAsync(string role, params string[] settings)
    {
        var (process, client) = Launch(role, settings);
        await WhenReadyAsync(process, client, StartingMax);
        return (process, client);
    }

    /// <summary>The same without waiting.</summary>
    public (Process Process, HttpClient Client) Launch(string role, params string[] settings)
    {
        var (http, silo, gateway) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        var process = Process.Start(Describe(role, http, silo, gateway, settings))!;
        process.OutputDataReceived += (_, line) => said.Writer.TryWrite(line.Data ?? string.Empty);
        process.ErrorDataReceived += (_, line) => said.Writer.TryWrite(line.Data ?? string.Empty);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes.Add(process);
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/"), Timeout = StartingMax };
        clients.Add(client);
        return (process, client);
    }

    /// <summary>How a process is started; it is not.</summary>
    public ProcessStartInfo Describe(string role, int http, int silo, int gateway, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "memory.dll"), "serve"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
                 {
                     ["MEMORY_DATABASE_URL"] = Database.Url, ["MEMORY_DATABASE_SCHEMA"] = Database.Schema,
                     ["MEMORY_CLUSTER_ID"] = "test", ["MEMORY_CLUSTER_SERVICE_ID"] = "test", ["MEMORY_CLUSTER_ROLE"] = role,
                     ["MEMORY_CLUSTER_ADDRESS"] = "127.0.0.1", ["MEMORY_CLUSTER_SILO_PORT"] = Text(silo),
                     ["MEMORY_CLUSTER_GATEWAY_PORT"] = Text(gateway),
                     ["MEMORY_URLS"] = $"http://127.0.0.1:{http}", ["MEMORY_LOG_LEVEL"] = "Error",
                     ["MEMORY_EMBEDDING_PROVIDER"] = "static",
                 })
        {
            start.Environment[name] = value;
        }

        foreach (var setting in settings.Select(static each => each.Split('=', 2)))
            start.Environment[setting[0]] = setting[1];
        return start;
    }

    /// <summary>Ends when readiness is answered; fails when the process ends or takes too long.</summary>
    public static async Task WhenReadyAsync(Process process, HttpClient client, TimeSpan startingMax)
    {
        await Eventually.HoldsAsync(async () => process.HasExited || await IsReadyAsync(client), startingMax, "the process becomes ready");

        // What answers is somebody else where the process itself has ended.
        Assert.False(process.HasExited, "The process ended before it was ready.");
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var ready = await client.GetAsync(new Uri("health/ready", UriKind.Relative));
            return ready.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
