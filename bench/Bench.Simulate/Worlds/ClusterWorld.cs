using MemoryOrleans.Bench.Simulate.Faults;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Engine;
using MemoryOrleans.Grains;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Bench.Simulate.Worlds;

/// <summary>
/// Two silos of Orleans and a gateway in this process over one store; silos are killed. On the machine's clock, so jobs of hours do not
/// come.
/// </summary>
internal sealed class ClusterWorld : ISimulatedWorld
{
    private static readonly StaticEmbedder Embedder = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StoreFile file;
    private readonly EngineOptions options = new()
    {
        Window = new WorkingMemoryLimits { TurnsMax = 6 },
        Distillation = new DistillationPace { EveryTurns = 8 },
        Due = new DueLimits
        {
            Poll = TimeSpan.FromMilliseconds(50), Lease = TimeSpan.FromSeconds(5), AttemptsMax = 50,
            Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(20), 2, TimeSpan.FromMilliseconds(200)),
        },
    };

    private SilosAndGateway? running;

    private ClusterWorld(StoreFile file, FaultPlan faults) => (this.file, Faults) = (file, faults);

    public FaultPlan Faults { get; }

    public IReadOnlyList<IMemoryHost> Hosts => [running!.Host];

    public bool HasOwnClock => false;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<ClusterWorld> StartAsync(int seed, int faultsPerThousand)
    {
        var world = new ClusterWorld(await StoreFile.OpenAsync(TimeProvider.System), new FaultPlan(new Random(~seed), faultsPerThousand));
        await world.OpenAsync();
        return world;
    }

    public async Task KillAsync(int host)
    {
        Faults.IsOn = false;
        var cluster = running!.Cluster;
        await cluster.KillSiloAsync(cluster.Silos[^1]);
        await cluster.StartAdditionalSiloAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
    }

    public async Task RestartAsync()
    {
        Faults.IsOn = false;
        await CloseAsync();
        await file.ReopenAsync();
        await OpenAsync();
    }

    // Time passes by itself; waited for is what was begun.
    public async Task PassAsync(TimeSpan time)
    {
        Faults.IsOn = false;
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await file.Store.CountAsync(null, patience.Token)).Any(static each => each.Kind == DueKinds.Erasure && each.Ready > 0))
            await tick.WaitForNextTickAsync(patience.Token);
    }

    public void Jump(TimeSpan by) => throw new NotSupportedException("A cluster goes by the machine's clock.");

    public Task<string> ReadFilesAsync() => file.ReadAllAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await file.DisposeAsync();
    }

    private async Task OpenAsync() => running = await SilosAndGateway.StartAsync(options, ShardReminders.Default, AddStore);

    private async Task CloseAsync()
    {
        if (running is not null)
            await running.DisposeAsync();
        running = null;
    }

    private void AddStore(IServiceCollection services)
    {
        var stores = file.WithFaults(Faults);
        services.AddSingleton(stores.Sessions).AddSingleton(stores.Feed).AddSingleton(stores.Tenants).AddSingleton(stores.Due)
            .AddSingleton(stores.Vectors)
            .AddSingleton(stores.Graph).AddSingleton(stores.Memories).AddSingleton(stores.Erasures).AddSingleton(stores.Audit)
            .AddSingleton(stores.Transfers)
            .AddSingleton(stores.Events).AddSingleton<IEmbedder>(Embedder);
    }
}
