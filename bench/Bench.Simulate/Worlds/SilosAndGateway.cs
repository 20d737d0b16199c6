using MemoryOrleans.Engine;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;

namespace MemoryOrleans.Bench.Simulate.Worlds;

/// <summary>Two silos of Orleans and a gateway in this process, over stores that the caller gives to each.</summary>
internal sealed class SilosAndGateway : IAsyncDisposable
{
    public const int Silos = 2;

    private readonly IHost gateway;

    private SilosAndGateway(InProcessTestCluster cluster, IHost gateway) => (Cluster, this.gateway) = (cluster, gateway);

    public InProcessTestCluster Cluster { get; }

    public IMemoryHost Host => gateway.Services.GetRequiredService<IMemoryHost>();

    /// <param name="addStores">Called for each silo, side by side, and for the gateway: adds the stores and the embedders.</param>
    public static async Task<SilosAndGateway> StartAsync(
        EngineOptions options, ShardReminders reminders, Action<IServiceCollection> addStores)
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            addStores(silo.Services);
            silo.AddMemory(options, new GrainCallLimits(), reminders);
        });
        builder.ConfigureClient(static client => client.Services.SendExceptions());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var host = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddLogging().AddMetrics().AddSingleton<IGrainFactory>(cluster.Client);
        addStores(host.Services);
        host.Services.AddMemoryHost(options, new GrainCallLimits());
        var outside = host.Build();
        await outside.StartAsync();
        return new SilosAndGateway(cluster, outside);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.StopAsync();
        gateway.Dispose();
        await Cluster.DisposeAsync();
    }
}
