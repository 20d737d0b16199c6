using System.Security.Cryptography;
using MemoryOrleans.Composition;
using MemoryOrleans.Embedded;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Gateway;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace MemoryOrleans.Silo;

/// <summary>Puts a process of the cluster together: gateway, grains and the memory of this process, as its role asks for.</summary>
internal static class ComposeSilo
{
    private const string Database = "MEMORY_DATABASE_URL";

    /// <exception cref="SettingsException">A setting is not valid; says all that is wrong.</exception>
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder, CancellationToken cancel)
    {
        var settings = new MemorySettings(builder.Configuration);
        var host = HostSettings.Read(settings);
        var cluster = ClusterSettings.Read(settings);
        if (!cluster.IsLocalhost && host.Store.Postgres is null)
            settings.Reject(Database, "must be postgres://… with MEMORY_CLUSTER_MODE=postgres");
        if (host.Store.Postgres is null && cluster.Role == ClusterRole.Gateway)
            settings.Reject(Database, "must be postgres://… with MEMORY_CLUSTER_ROLE=gateway, as a SQLite file has one process");
        builder.AddMemoryGateway(settings);
        var database = cluster.IsLocalhost ? null : ClusterDatabase.ConnectionString(host.Store.Postgres!);
        if (!cluster.IsLocalhost)
            await ClusterDatabase.MigrateAsync(host.Store.Postgres!, cancel);
        if (cluster.Role == ClusterRole.Gateway)
            builder.UseOrleansClient(client => ConfigureOrleans.Client(client, cluster, database));
        else
            builder.UseOrleans(silo => ConfigureOrleans.Silo(silo, cluster, database));
        await AddMemoryAsync(builder.Services, host, cluster, cancel);
        return Map(builder.Build(), cluster);
    }

    private static async Task AddMemoryAsync(IServiceCollection services, HostSettings host, ClusterSettings cluster, CancellationToken cancel)
    {
        // Shards come with the grains that hold them; a gateway holds none and does no due work.
        var shards = new DueShards();
        await OpenStore.AddAsync(services, host.Store, cancel);
        services.AddSingleton<IEmbedder, StaticEmbedder>();
        host.Embedding.AddTo(services);
        services.AddMemory(host.Memory with { Shards = shards });
        services.AddSingleton(provider => new SiloMemory(
            provider.GetRequiredService<EmbeddedMemoryHost>(), provider.GetRequiredService<ISessionStore>(), NewId, host.Memory.Distillation, shards));
        services.AddSingleton(provider => new ClusterCalls(
            new ClusterCallLimits { Patience = cluster.Patience }, provider.GetRequiredService<TimeProvider>(), Chance));
        services.AddSingleton<TenantQuotas>();
        services.AddSingleton<IMemoryHost>(static provider => new ClusterMemoryHost(
            provider.GetRequiredService<EmbeddedMemoryHost>(), provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ClusterCalls>(), provider.GetRequiredService<TenantQuotas>(), NewId));
        services.AddHttpContextAccessor();
        services.AddSingleton<IOutgoingGrainCallFilter, NameRequests>();
        if (cluster.Role != ClusterRole.Gateway)
            services.AddHostedService<KeepShards>();
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

    private static string NewId() => Guid.CreateVersion7().ToString("n");

    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
