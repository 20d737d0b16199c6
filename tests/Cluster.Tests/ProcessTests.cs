using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MemoryOrleans.Storage.Postgres;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>Silos and a gateway as processes of their own, found through PostgreSQL, killed by signals. The long form is bench/drills/cluster.sh.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan StartingMax = TimeSpan.FromSeconds(60);
    private readonly List<Process> processes = [];
    private PostgresStoreOptions? database;

    public async ValueTask InitializeAsync() => database = await TestDatabase.NewOptionsAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await TestDatabase.DropAsync(database!);
    }

    [Fact]
    public async Task Appends_go_on_while_a_silo_is_killed_and_none_is_lost_or_doubled()
    {
        var (first, _) = await StartAsync("silo");
        await StartAsync("silo");
        using var client = (await StartAsync("gateway")).Client;
        for (var i = 0; i < 60; i++)
        {
            if (i == 20)
                first.Kill();
            using var appended = await client.PostAsJsonAsync($"v1/sessions/s{i % 6}/turns", new { role = "user", content = $"turn {i}" });
            Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
        }

        for (var session = 0; session < 6; session++)
        {
            var turns = (await client.GetFromJsonAsync<JsonElement>($"v1/sessions/s{session}/turns")).GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal(Enumerable.Range(1, 10), turns.Select(static turn => turn.GetProperty("seq").GetInt32()));
            Assert.Equal(
                Enumerable.Range(0, 10).Select(n => $"turn {(n * 6) + session}"), turns.Select(static turn => turn.GetProperty("content").GetString()));
        }
    }

    [Fact]
    public async Task A_taken_port_of_the_cluster_ends_the_start_with_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var process = Process.Start(Describe("silo", FreePort(), ((IPEndPoint)taken.LocalEndpoint).Port, FreePort()))!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(71, process.ExitCode);
        Assert.Contains("MEMORY_CLUSTER_SILO_PORT", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private async Task<(Process Process, HttpClient Client)> StartAsync(string role)
    {
        var (http, silo, gateway) = (FreePort(), FreePort(), FreePort());
        var process = Process.Start(Describe(role, http, silo, gateway))!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        processes.Add(process);
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/"), Timeout = StartingMax };
        await WhenReadyAsync(process, client);
        return (process, client);
    }

    private ProcessStartInfo Describe(string role, int http, int silo, int gateway)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "memory.dll"), "serve"]) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
                 {
                     ["MEMORY_DATABASE_URL"] = database!.Url, ["MEMORY_DATABASE_SCHEMA"] = database.Schema,
                     ["MEMORY_CLUSTER_ID"] = "test", ["MEMORY_CLUSTER_SERVICE_ID"] = "test", ["MEMORY_CLUSTER_ROLE"] = role,
                     ["MEMORY_CLUSTER_ADDRESS"] = "127.0.0.1", ["MEMORY_CLUSTER_SILO_PORT"] = Text(silo), ["MEMORY_CLUSTER_GATEWAY_PORT"] = Text(gateway),
                     ["MEMORY_URLS"] = $"http://127.0.0.1:{http}", ["MEMORY_LOG_LEVEL"] = "Error",
                     ["MEMORY_EMBEDDING_PROVIDER"] = "static",
                 })
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task WhenReadyAsync(Process process, HttpClient client)
    {
        using var patience = new CancellationTokenSource(StartingMax);
        while (!patience.IsCancellationRequested && !process.HasExited)
        {
            try
            {
                using var ready = await client.GetAsync(new Uri("health/ready", UriKind.Relative), patience.Token);
                if (ready.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, patience.Token);
        }

        Assert.Fail("The process did not become ready.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
