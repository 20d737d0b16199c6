using System.Net;
using MemoryOrleans.Composition;
using MemoryOrleans.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Storage;

namespace MemoryOrleans.Silo;

/// <summary>Orleans as this product runs it, as a silo and as a silo's client.</summary>
internal static class ConfigureOrleans
{
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    /// <param name="database">Null: development, nothing is kept beyond the process.</param>
    public static void Silo(ISiloBuilder silo, ClusterSettings cluster, string? database)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        if (database is null)
            silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId)
                .UseInMemoryReminderService()
                .AddMemoryGrainStorage(GrainStorageNames.Tenants);
        else
            KeepInPostgres(silo, cluster, database);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // Fast: a dead silo's sessions should be back in seconds, and one that is declared dead wrongly costs no more than that.
            options.ProbeTimeout = cluster.ProbeTimeout;

            // A stalled silo keeps its connections; it is given the benefit of those for so long times the probes missed.
            options.MaxProbeTimeout = cluster.ProbeTimeout;
            options.NumMissedProbesLimit = cluster.ProbesMissedMax;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.DefunctSiloExpiration = TimeSpan.FromDays(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        });
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = cluster.CallTimeout;
            options.MaxEnqueuedRequestsHardLimit = cluster.CallsPerGrainMax;
        });
        silo.Configure<LoadSheddingOptions>(options =>
        {
            options.LoadSheddingEnabled = cluster.ShedAtProcessorPercent > 0;
            options.CpuThreshold = cluster.ShedAtProcessorPercent > 0 ? cluster.ShedAtProcessorPercent : 95;
        });
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = cluster.Idle;
            options.EnableActivationSheddingOnMemoryPressure = true;
        });
        silo.AddIncomingGrainCallFilter<GuardCalls>();
        silo.AddActivityPropagation();
        if (cluster.HasDashboard)
            silo.AddDashboard(options => options.HideTrace = true);
    }

    public static void Client(IClientBuilder client, ClusterSettings cluster, string? database)
    {
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        if (database is null)
            client.UseLocalhostClustering(cluster.GatewayPort, cluster.ServiceId, cluster.ClusterId);
        else
            client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.CallTimeout);
        // A dead silo is left alone soon, a new one used soon.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        client.UseConnectionRetryFilter(static async (_, cancel) =>
        {
            await Task.Delay(ConnectPause, cancel);
            return true;
        });
        client.AddActivityPropagation();
    }

    private static void KeepInPostgres(ISiloBuilder silo, ClusterSettings cluster, string database)
    {
        if (cluster.Address is { } address)
            silo.ConfigureEndpoints(address, cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        else
            silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        silo.AddAdoNetGrainStorage(GrainStorageNames.Tenants, options => options.Configure<IServiceProvider>((storage, services) =>
        {
            (storage.Invariant, storage.ConnectionString) = (ClusterDatabase.Invariant, database);
            storage.GrainStorageSerializer = ActivatorUtilities.CreateInstance<SystemTextJsonGrainStorageSerializer>(services);
        }));
    }
}
