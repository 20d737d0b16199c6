using MemoryOrleans.Cli.Serve;
using MemoryOrleans.Client;
using MemoryOrleans.Gateway.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MemoryOrleans.Cli.Mcp;

/// <summary>A whole memory inside this process over one SQLite file: the composition of <c>memory serve</c>, without a port.</summary>
internal sealed class EmbeddedMemory : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly HttpClient http;

    private EmbeddedMemory(WebApplication app)
    {
        application = app;
        http = InProcessMemory.CreateHttp(app.Services);
        Client = new MemoryClient(http);
    }

    public MemoryClient Client { get; }

    public ILoggerFactory Logs => application.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>
    /// Other MEMORY_* settings hold as for <c>memory serve</c>, but those of listening and of keys: only this process can ask.
    /// </summary>
    /// <param name="settings">Win over those of the environment.</param>
    public static async Task<EmbeddedMemory> StartAsync(
        string path, CancellationToken cancel, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MEMORY_DATABASE_URL"] = "sqlite:" + Path.GetFullPath(path),
            ["MEMORY_URLS"] = "http://127.0.0.1:0",
            ["MEMORY_API_KEYS"] = string.Empty,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IServer, SilentServer>();
        var app = await ServeCommand.BuildAsync(builder, cancel);
        await app.StartAsync(cancel);
        return new EmbeddedMemory(app);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await application.StopAsync();
        await application.DisposeAsync();
    }

    /// <summary>Listens nowhere.</summary>
    private sealed class SilentServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
