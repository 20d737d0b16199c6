using MemoryOrleans.Client;
using MemoryOrleans.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Agents.Tests;

/// <summary>The memory as it is served, in this process on a port and a file of its own; tests keep apart by users and sessions.</summary>
public sealed class RealMemory : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-agents-");
    private WebApplication app = null!;
    private HttpClient http = null!;

    public Uri Address { get; private set; } = null!;

    public MemoryClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MEMORY_URLS"] = "http://127.0.0.1:0",
            ["MEMORY_LOG_LEVEL"] = "critical",
            ["MEMORY_DATABASE_URL"] = "sqlite:" + Path.Combine(folder.FullName, "memory.db"),
            ["MEMORY_WM_MAX_TURNS"] = "4",
        });
        app = await ServeMemory.BuildAsync(builder, read: null, CancellationToken.None);
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First() + "/");
        http = new MemoryClientOptions { Address = Address }.CreateHttp();
        Client = new MemoryClient(http);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>All that is stored under a session, as role and content.</summary>
    public async Task<IReadOnlyList<string>> SaidAsync(string session)
    {
        var said = new List<string>();
        await foreach (var turn in Client.EnumerateTurnsAsync(session))
            said.Add($"{turn.Role}: {turn.Content}");
        return said;
    }
}
