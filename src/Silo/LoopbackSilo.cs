using System.Net;
using MemoryOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace MemoryOrleans.Silo;

/// <summary>A silo alone in its process: nobody else joins it, calls stay in memory, and no port is opened for them.</summary>
internal static class LoopbackSilo
{
    // Addresses of silos differ by process start too; the ports are names here, as nothing listens on them.
    private const int SiloPort = 11_111;

    // Where grains of other silos are: there are none. By default there is room for a million, which each look at the metrics goes through.
    private const int PlacesKept = 1_024;

    public static ISiloBuilder UseMemoryAlone(this ISiloBuilder silo, ClusterSettings cluster)
    {
        silo.UseLocalhostClustering(SiloPort, gatewayPort: 0, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
        silo.UseInMemoryReminderService();
        silo.Configure<GrainDirectoryOptions>(static options => options.CacheSize = PlacesKept);
        ListenNowhere(silo.Services);
        ConfigureOrleans.Grains(silo, cluster);
        return silo;
    }

    private static void ListenNowhere(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: true } keyed && keyed.ServiceType == typeof(IConnectionListenerFactory))
                services[i] = ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory, ClosedDoor>(keyed.ServiceKey);
        }
    }

    /// <summary>Accepts nobody until it is closed.</summary>
    private sealed class ClosedDoor : IConnectionListenerFactory, IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, SiloPort);

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            EndPoint = endpoint;
            return ValueTask.FromResult<IConnectionListener>(this);
        }

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(closed.Task);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            closed.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
