using System.Globalization;
using MemoryOrleans.Bench.Simulate.Faults;
using MemoryOrleans.Engine;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Bench.Simulate.Worlds;

/// <summary>
/// Two engines with their own session actors over one store, on a clock of the simulator's. Quick: hundreds of seeds a minute.
/// </summary>
internal sealed class EngineWorld : ISimulatedWorld
{
    private const int HostCount = 2;
    private static readonly StaticEmbedder Embedder = new();

    private readonly SimulatedClock clock;
    private readonly StoreFile file;
    private readonly InProcessHost[] hosts = new InProcessHost[HostCount];
    private readonly Random chance;
    private int minted;

    private EngineWorld(StoreFile file, FaultPlan faults, int seed, SimulatedClock clock)
    {
        (this.file, Faults, this.clock) = (file, faults, clock);
        chance = new Random(seed);
        for (var i = 0; i < HostCount; i++)
            hosts[i] = NewHost();
    }

    public FaultPlan Faults { get; }

    public IReadOnlyList<IMemoryHost> Hosts => hosts;

    public bool HasOwnClock => true;

    public DateTimeOffset Now => clock.Now;

    public static async Task<EngineWorld> StartAsync(int seed, int faultsPerThousand)
    {
        var time = new SimulatedClock();
        return new EngineWorld(await StoreFile.OpenAsync(time), new FaultPlan(new Random(~seed), faultsPerThousand), seed, time);
    }

    public Task KillAsync(int host)
    {
        hosts[host].Dispose();
        hosts[host] = NewHost();
        return Task.CompletedTask;
    }

    public async Task RestartAsync()
    {
        foreach (var host in hosts)
            host.Dispose();
        await file.ReopenAsync();
        for (var i = 0; i < HostCount; i++)
            hosts[i] = NewHost();
    }

    public async Task PassAsync(TimeSpan time)
    {
        clock.Advance(time);
        foreach (var host in hosts)
        {
            try
            {
                await host.Schedule.SeedOnceAsync(CancellationToken.None);
                await host.SweepAsync(CancellationToken.None);
                await host.Schedule.RunDueAsync(CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                // The next round does what this one did not.
            }
        }
    }

    public void Jump(TimeSpan by) => clock.Jump(by);

    public Task<string> ReadFilesAsync() => file.ReadAllAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            host.Dispose();
        await file.DisposeAsync();
    }

    private InProcessHost NewHost() => new(
        file.WithFaults(Faults), new EngineModels(Embedder), clock,
        () => string.Create(CultureInfo.InvariantCulture, $"m{Interlocked.Increment(ref minted):D6}"),
        new EngineOptions
        {
            // Small bounds: what is beyond them happens within a seed.
            Window = new WorkingMemoryLimits { TurnsMax = 6 },
            Distillation = new DistillationPace { EveryTurns = 8, Idle = TimeSpan.FromMinutes(10) },
            Due = new DueLimits { AttemptsMax = 50, Backoff = new BackoffPolicy(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(8)) },
            Chance = NextChance,
        });

    private double NextChance()
    {
        lock (chance)
            return chance.NextDouble();
    }
}
