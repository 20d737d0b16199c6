using System.Diagnostics;
using System.Net.Http.Json;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Cluster.Tests.Monitoring;

/// <summary>A silo, a gateway and a memory alone, each a process that was used a little, scraped by one Prometheus.</summary>
public sealed class MonitoredMemory : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-monitored-");
    private MemoryProcesses? processes;
    private PrometheusServer? prometheus;

    internal PrometheusServer Prometheus => prometheus!;

    /// <summary>Of the memories alone.</summary>
    internal ScriptedEmbedder Embedder { get; private set; } = null!;

    /// <summary>Another memory alone, for what it does not survive.</summary>
    internal (Process Process, HttpClient Client) Doomed { get; private set; }

    internal string DoomedFile => Path.Combine(folder.FullName, "doomed.db");

    public async ValueTask InitializeAsync()
    {
        processes = await MemoryProcesses.NewAsync();
        Embedder = await ScriptedEmbedder.StartAsync();
        string[] model = ["MEMORY_EMBEDDING_PROVIDER=openai", "MEMORY_EMBEDDING_MODEL_NAME=scripted",
            $"MEMORY_EMBEDDING_BASE_URL={Embedder.OpenAiUrl}"];
        var alone = (await processes.StartAsync("alone",
            [.. model, $"MEMORY_DATABASE_URL=sqlite:{Path.Combine(folder.FullName, "memory.db")}"])).Client;
        Doomed = await processes.StartAsync("alone", [.. model, $"MEMORY_DATABASE_URL=sqlite:{DoomedFile}"]);
        var silo = (await processes.StartAsync("silo")).Client;
        var gateway = (await processes.StartAsync("gateway")).Client;
        prometheus = await PrometheusServer.StartAsync(
            ("memory-gateway", alone.BaseAddress!.Authority), ("memory-gateway", Doomed.Client.BaseAddress!.Authority),
            ("memory-gateway", gateway.BaseAddress!.Authority), ("memory-silo", silo.BaseAddress!.Authority));

        // Twice, so that rates have something to go by: used, scraped, used again.
        for (var round = 1; round <= 2; round++)
        {
            foreach (var client in new[] { alone, gateway })
                await UseAsync(client, round);
            foreach (var client in new[] { alone, gateway, silo, Doomed.Client })
                await prometheus.WhenAnyAsync($"dotnet_process_memory_working_set_bytes{{instance=\"{client.BaseAddress!.Authority}\"}}");
            await prometheus.WhenAnyAsync($"sum(memory_appends_total) >= {round * 2}");
        }

        await prometheus.WhenAnyAsync("sum(rate(memory_appends_total{tenant=\"default\"}[15s])) > 0");
    }

    public async ValueTask DisposeAsync()
    {
        if (prometheus is not null)
            await prometheus.DisposeAsync();
        if (processes is not null)
            await processes.DisposeAsync();
        if (Embedder is not null)
            await Embedder.DisposeAsync();
        folder.Delete(recursive: true);
    }

    internal static async Task AppendAsync(HttpClient client, string session, string content)
    {
        using var appended = await client.PostAsJsonAsync($"v1/sessions/{session}/turns", new { role = "user", content });
        appended.EnsureSuccessStatusCode();
    }

    private static async Task UseAsync(HttpClient client, int round)
    {
        await AppendAsync(client, $"s{round}", $"The cat of number {round} is called Minka.");
        using var recalled = await client.PostAsJsonAsync("v1/recall", new { query = "What is the cat called?" });
        recalled.EnsureSuccessStatusCode();
    }
}
