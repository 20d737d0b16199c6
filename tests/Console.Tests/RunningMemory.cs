using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MemoryOrleans.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Console.Tests;

/// <summary>The whole memory as `memory serve` puts it together, alone over a SQLite file of its own, on a loopback port.</summary>
public sealed class RunningMemory : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly DirectoryInfo folder;

    private RunningMemory(WebApplication application, DirectoryInfo folder)
    {
        (this.application, this.folder) = (application, folder);
        var server = application.Services.GetRequiredService<IServer>();
        Address = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/");
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public Uri Console => new(Address, "console/");

    public HttpClient Http { get; }

    /// <param name="settings">MEMORY_* settings as NAME=VALUE; nothing else of this machine counts.</param>
    public static async Task<RunningMemory> StartAsync(params string[] settings)
    {
        var home = Directory.CreateTempSubdirectory("memory-console-");
        var builder = WebApplication.CreateSlimBuilder();
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MEMORY_URLS"] = "http://127.0.0.1:0",
            ["MEMORY_LOG_LEVEL"] = "critical",
            ["MEMORY_DATABASE_URL"] = $"sqlite:{home.FullName}/memory.db",
            ["MEMORY_EMBEDDING_PROVIDER"] = "static",
            ["MEMORY_CLUSTER_DASHBOARD"] = "true",
        };
        foreach (var setting in settings.Select(static setting => setting.Split('=', 2)))
            values[setting[0]] = setting[1];
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(values);
        var served = await ServeMemory.BuildAsync(builder, null, CancellationToken.None);
        await served.StartAsync();
        return new RunningMemory(served, home);
    }

    public async Task<JsonNode> PostAsync(string path, JsonNode body) => await ReadAsync(await Http.PostAsJsonAsync(path, body));

    public async Task<JsonNode> PatchAsync(string path, JsonNode body) => await ReadAsync(await Http.PatchAsJsonAsync(path, body));

    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await Http.GetAsync(new Uri(path, UriKind.Relative)));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await application.StopAsync();
        await application.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
