using System.Net.Http.Headers;
using MemoryOrleans.Client;
using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo;
using MemoryOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>The gateway on a port of its own, over a silo alone in this process and a store of its own, or over a given host.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private static readonly Lazy<StaticEmbedder> Embedder = new(() => new StaticEmbedder());

    private static readonly DueLimits AtOnce = new()
    {
        Poll = TimeSpan.FromMilliseconds(20), AttemptsMax = 2,
            Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(10), 2, TimeSpan.FromMilliseconds(50)),
    };

    private readonly WebApplication application;
    private readonly TestStore? ownStore;

    private RunningGateway(WebApplication app, TestStore? store)
    {
        application = app;
        ownStore = store;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First() + "/");
        Http = NewHttp(null);
        Client = new MemoryClient(Http);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public MemoryClient Client { get; }

    internal TestStore Store => ownStore!;

    public IServiceProvider Services => application.Services;

    /// <param name="settings">MEMORY_* settings as NAME=VALUE; the address and silence are already set.</param>
    public static Task<RunningGateway> StartAsync(params string[] settings) => StartAsync(null, null, settings);

    /// <summary>Over a host with a neural embedder, which retries at once.</summary>
    internal static Task<RunningGateway> StartAsync(ITextEmbedder textEmbedder, params string[] settings) =>
        StartAsync(null, null, textEmbedder, settings);

    internal static Task<RunningGateway> StartAsync(IMemoryHost? host, ILoggerProvider? logs, params string[] settings) =>
        StartAsync(host, logs, null, settings);

    /// <summary>Over a store that outlives the gateway.</summary>
    internal static Task<RunningGateway> StartOverAsync(TestStore store, params string[] settings) =>
        StartAsync(null, null, null, settings, store);

    /// <summary>With an endpoint beside the gateway's own that says nothing of itself.</summary>
    internal static Task<RunningGateway> StartBesideAsync(string path, params string[] settings) =>
        StartAsync(null, null, null, settings, map: app => app.MapGet(path, static () => "beside"));

    private static async Task<RunningGateway> StartAsync(
        IMemoryHost? host, ILoggerProvider? logs, ITextEmbedder? textEmbedder, string[] settings, TestStore? kept = null,
        Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Configure(builder, settings);
        builder.AddMemoryGateway(new MemorySettings(builder.Configuration));
        if (logs is not null)
            builder.Logging.ClearProviders().AddProvider(logs);
        TestStore? store = null;
        if (host is null)
        {
            store = kept is null ? await TestStore.OpenAsync() : null;
            (kept ?? store)!.AddTo(builder.Services);
            if (textEmbedder is not null)
                builder.Services.AddSingleton(textEmbedder);
            builder.Services.AddSingleton<IEmbedder>(Embedder.Value);
            var cluster = ClusterSettings.Read(new MemorySettings(builder.Configuration));
            var engine = new EngineOptions { Due = AtOnce, Webhooks = WebhookSettings.Read(new MemorySettings(builder.Configuration)) };
            builder.UseOrleans(silo => silo.UseMemoryAlone(cluster).AddMemory(engine, cluster.Calls, ShardReminders.Default));
        }
        else
        {
            builder.Services.AddSingleton(host);
        }

        var app = builder.Build();
        app.MapMemory();
        map?.Invoke(app);
        await app.StartAsync();
        return new RunningGateway(app, store);
    }

    public HttpClient NewHttp(string? apiKey)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (apiKey is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        Http.Dispose();
        await application.DisposeAsync();
        if (ownStore is not null)
            await ownStore.DisposeAsync();
    }

    /// <summary>Only what the test says: neither the machine's environment nor its files.</summary>
    private static void Configure(WebApplicationBuilder builder, string[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MEMORY_URLS"] = "http://127.0.0.1:0",
            ["MEMORY_LOG_LEVEL"] = "critical",
        };
        foreach (var setting in settings)
            values[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] =
                setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(values);
    }
}

/// <summary>One gateway without keys for all tests of a class; tests keep apart by session ids of their own.</summary>
public sealed class KeylessGateway : IAsyncLifetime
{
    public RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Gateway = await RunningGateway.StartAsync();

    public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();
}
