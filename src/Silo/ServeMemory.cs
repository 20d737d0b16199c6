using MemoryOrleans.Gateway;
using MemoryOrleans.Settings;
using MemoryOrleans.Silo.Configuration;
using MemoryOrleans.Storage.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dashboard;

namespace MemoryOrleans.Silo;

/// <summary>
/// A process of the memory, put together as its role asks for: one that is everything, over loopback; or a silo, a gateway, or
/// both, of a cluster. One composition for all, so that what works in one role works in the others.
/// </summary>
public static class ServeMemory
{
    private const string OrleansLog = "Orleans";
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <param name="read">Reads further settings of the program, so that their errors come together with the memory's.</param>
    /// <exception cref="SettingsException">A setting is not valid; says all that is wrong.</exception>
    public static async Task<WebApplication> BuildAsync(
        WebApplicationBuilder builder, Action<MemorySettings>? read, CancellationToken cancel)
    {
        var settings = new MemorySettings(builder.Configuration);
        var (host, cluster) = MemorySetup.Read(settings);
        read?.Invoke(settings);
        var options = builder.AddMemoryGateway(settings);

        // A failed start ends in one sentence instead.
        var started = false;
        builder.Logging.AddFilter(HostLog, level => started && level >= options.LogLevel);
        if (cluster.IsAlone)
            builder.Logging.AddFilter(OrleansLog, level => started && level >= LogLevel.Warning && level >= options.LogLevel);
        var setup = await MemorySetup.OpenAsync(host, cluster, cancel);
        if (cluster.Role == ClusterRole.Gateway)
            AddGateway(builder, setup);
        else
            await AddSiloAsync(builder, setup, cancel);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, RequestIdFilter>();
        var app = Map(builder.Build(), cluster);
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        WarnAboutDatabase(app, host.Store);
        return app;
    }

    private static async Task AddSiloAsync(WebApplicationBuilder builder, MemorySetup setup, CancellationToken cancel)
    {
        var cluster = setup.Cluster;
        if (cluster.IsAlone)
        {
            builder.UseOrleans(silo => ConfigureOrleans.Dashboard(silo.UseMemoryAlone(cluster).AddMemory(setup), cluster));
            if (setup.Host.Store.Postgres is { } shared)
                WatchNeighbours(builder, shared, cluster);
            return;
        }

        var store = setup.Host.Store.Postgres!;
        await ClusterDatabase.MigrateAsync(store, cancel);
        var database = ClusterDatabase.ConnectionString(store);
        builder.UseOrleans(silo => ConfigureOrleans.Dashboard(ConfigureOrleans.Silo(silo, cluster, database).AddMemory(setup), cluster));
        WatchNeighbours(builder, store, cluster);
    }

    private static void WatchNeighbours(WebApplicationBuilder builder, PostgresStoreOptions store, ClusterSettings cluster) =>
        builder.Services.AddSingleton(store).AddSingleton(cluster).AddHostedService<ClusterNeighbours>();

    private static void AddGateway(WebApplicationBuilder builder, MemorySetup setup)
    {
        setup.AddStore(builder.Services);
        builder.Services.AddModels(setup.Host, ranks: false);
        builder.Services.AddMemoryHost(setup.Host.Memory, setup.Cluster.Calls);
        var database = ClusterDatabase.ConnectionString(setup.Host.Store.Postgres!);
        builder.UseOrleansClient(client => ConfigureOrleans.Client(client, setup.Cluster, database));
    }

    private static void WarnAboutDatabase(WebApplication app, StoreSettings store)
    {
        foreach (var (name, options) in store.Databases)
        {
            if (PostgresUrl.FindWeakness(options.Url) is { } weakness)
                app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MemoryOrleans.Silo")
                    .LogWarning("The database {Name} {Weakness}", name, weakness);
        }
    }

    private static WebApplication Map(WebApplication app, ClusterSettings cluster)
    {
        if (cluster.Role == ClusterRole.Silo)
            app.MapMemoryProbes();
        else
            app.MapMemory();
        // Who does not say what an endpoint asks for, as the dashboard's, asks for an administrator.
        if (cluster.HasDashboard && cluster.Role != ClusterRole.Gateway)
            app.MapOrleansDashboard("/dashboard");
        return app;
    }
}
