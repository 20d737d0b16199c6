using System.Net;
using MemoryOrleans.Silo.Configuration;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace MemoryOrleans.Silo;

/// <summary>Orleans as this product runs it, as a silo and as a silo's client.</summary>
internal static class ConfigureOrleans
{
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    /// <summary>A silo whose members, and reminders, are in the database.</summary>
    public static ISiloBuilder Silo(ISiloBuilder silo, ClusterSettings cluster, string database)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        if (cluster.Address is { } address)
            silo.ConfigureEndpoints(address, cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        else
            silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        if (cluster.Tls is { } tls)
            ClusterTls.Use(silo, tls);
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
        return Grains(silo, cluster);
    }

    /// <summary>How grains live and are called, alone or in a cluster.</summary>
    public static ISiloBuilder Grains(ISiloBuilder silo, ClusterSettings cluster)
    {
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
        return silo;
    }

    /// <summary>Orleans' dashboard, where it is asked for.</summary>
    public static void Dashboard(ISiloBuilder silo, ClusterSettings cluster)
    {
        if (cluster.HasDashboard)
            silo.AddDashboard(options => options.HideTrace = true);
    }

    /// <summary>A process without grains that calls silos.</summary>
    public static void Client(IClientBuilder client, ClusterSettings cluster, string database)
    {
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (ClusterDatabase.Invariant, database));
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.CallTimeout);
        // A dead silo is left alone soon, a new one used soon.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        client.UseConnectionRetryFilter(static async (_, cancel) =>
        {
            await Task.Delay(ConnectPause, cancel);
            return true;
        });
        if (cluster.Tls is { } tls)
            ClusterTls.Use(client, tls);
        client.AddActivityPropagation();
    }
}
