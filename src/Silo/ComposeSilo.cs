using MemoryOrleans.Composition;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Gateway;
using MemoryOrleans.Grains;
using MemoryOrleans.Models;
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
        await OpenStore.AddAsync(builder.Services, host.Store, cancel);
        builder.Services.AddSingleton<IEmbedder, StaticEmbedder>();
        host.Embedding.AddTo(builder.Services);
        builder.Services.AddClusterMemory(host.Memory, new ClusterCallLimits { Patience = cluster.Patience, WriteTimeout = cluster.WriteTimeout });
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, RequestIdFilter>();
        if (cluster.Role != ClusterRole.Gateway)
            builder.Services.AddHostedService<KeepShards>();
        return Map(builder.Build(), cluster);
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
