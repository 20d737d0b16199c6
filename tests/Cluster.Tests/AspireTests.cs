using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using MemoryOrleans.Storage.Postgres;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>The sample that starts a cluster under Aspire.</summary>
public sealed class AspireTests : IAsyncLifetime
{
    private static readonly TimeSpan StartingMax = TimeSpan.FromMinutes(2);
    private PostgresStoreOptions? database;
    private Process? host;

    public async ValueTask InitializeAsync() => database = await TestDatabase.NewOptionsAsync();

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            // The orchestrator ends what it started when the host is gone.
            host.Kill();
            await host.WaitForExitAsync();
            host.Dispose();
        }

        await TestDatabase.DropAsync(database!);
    }

    [Fact]
    public async Task Its_gateway_takes_turns_for_its_silos()
    {
        var port = FreePorts.Next();
        host = Process.Start(Describe(port))!;
        host.OutputDataReceived += static (_, _) => { };
        host.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await MemoryProcesses.WhenReadyAsync(host, client, StartingMax);

        using var appended = await client.PostAsJsonAsync("v1/sessions/s/turns", new { role = "user", content = "hello" });
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
    }

    private ProcessStartInfo Describe(int port)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Path.Combine(TestDatabase.RepositoryRoot(), "samples", "Aspire", "bin", configuration, "net10.0",
            "memory-apphost.dll");
        return new ProcessStartInfo("dotnet", [program])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
            Environment =
            {
                ["Parameters__database"] = database!.Url, ["Schema"] = database.Schema,
                ["GatewayPort"] = port.ToString(CultureInfo.InvariantCulture), ["MEMORY_EMBEDDING_PROVIDER"] = "static",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePorts.Next()}",
                ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePorts.Next()}",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            },
        };
    }
}
