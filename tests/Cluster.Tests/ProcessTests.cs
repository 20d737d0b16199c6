using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using MemoryOrleans.Scripted.Collector;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>
/// Silos and a gateway as processes of their own, found through PostgreSQL, killed by signals. The long form is bench/drills/cluster.sh.
/// </summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private MemoryProcesses? processes;

    public async ValueTask InitializeAsync() => processes = await MemoryProcesses.NewAsync();

    public ValueTask DisposeAsync() => processes!.DisposeAsync();

    [Fact]
    public async Task Appends_go_on_while_a_silo_is_killed_and_none_is_lost_or_doubled()
    {
        var (first, _) = await processes!.StartAsync("silo");
        await processes!.StartAsync("silo");
        var client = (await processes!.StartAsync("gateway")).Client;
        for (var i = 0; i < 60; i++)
        {
            if (i == 20)
                first.Kill();
            using var appended = await client.PostAsJsonAsync($"v1/sessions/s{i % 6}/turns", new { role = "user", content = $"turn {i}" });
            Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
        }

        for (var session = 0; session < 6; session++)
        {
            var turns = (await client.GetFromJsonAsync<JsonElement>($"v1/sessions/s{session}/turns")).GetProperty("items").EnumerateArray()
                .ToArray();
            Assert.Equal(Enumerable.Range(1, 10), turns.Select(static turn => turn.GetProperty("seq").GetInt32()));
            Assert.Equal(
                Enumerable.Range(0, 10).Select(n => $"turn {(n * 6) + session}"),
                turns.Select(static turn => turn.GetProperty("content").GetString()));
        }
    }

    [Fact]
    public async Task A_taken_port_of_the_cluster_ends_the_start_with_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var process = Process.Start(processes!.Describe(
            "silo", FreePorts.Next(), ((IPEndPoint)taken.LocalEndpoint).Port, FreePorts.Next()))!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(71, process.ExitCode);
        Assert.Contains("MEMORY_CLUSTER_SILO_PORT", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_alone_says_that_a_cluster_lives_on_its_database()
    {
        await processes!.StartAsync("silo");
        await processes.StartAsync("alone", "MEMORY_LOG_LEVEL=Warning");

        Assert.Contains("MEMORY_CLUSTER_ROLE", await processes.WhenSaidAsync("A cluster, test, lives on this database"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_key_is_not_destroyed_while_silos_live_unless_it_is_forced()
    {
        var sealing = $"MEMORY_ENCRYPTION_KEYS=k1:{Convert.ToBase64String(SHA256.HashData("first"u8))}";
        var (_, client) = await processes!.StartAsync("all", sealing);
        using var appended = await client.PostAsJsonAsync("v1/sessions/s/turns", new { role = "user", content = "hello" });
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);

        Assert.Equal((1, "Processes of the cluster test say that they live: stop them first, or use --force.\n"),
            await DestroyAsync(sealing));
        Assert.Equal((0, "The data key is destroyed.\n"), await DestroyAsync(sealing, "--force"));
    }

    [Fact]
    public async Task One_trace_goes_from_the_request_through_the_grain_to_its_statements()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var collector = await OtlpCollector.StartAsync();
        string[] traced = [$"MEMORY_OTLP_ENDPOINT={collector.Address}", "OTEL_BSP_SCHEDULE_DELAY=100"];
        await processes!.StartAsync("silo", traced);
        var (_, client) = await processes.StartAsync("gateway", traced);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using var appended = await client.PostAsJsonAsync("v1/sessions/traced/turns", new { role = "user", content = "hello" });
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);

        var spans = await collector.WhenAsync(
            Trace,
            static spans => spans.Any(static span => span.Source == "Npgsql")
            && spans.Any(static span => span.Source == "Microsoft.AspNetCore"),
            TimeSpan.FromSeconds(30));
        Assert.Contains(spans, static span => span.Name.EndsWith("ISessionGrain/AppendAsync", StringComparison.Ordinal));
        Assert.Equal(2, spans.Select(static span => span.Process).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task<(int Code, string Said)> DestroyAsync(string sealing, params string[] options)
    {
        var start = processes!.Describe("alone", 0, 0, 0, sealing);
        start.ArgumentList[1] = "encryption";
        foreach (var each in (string[])["destroy", "default", "--yes", .. options])
            start.ArgumentList.Add(each);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await error);
    }
}
