using MemoryOrleans.Bench.Simulate.Faults;
using MemoryOrleans.Bench.Simulate.Worlds;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>A world that loses everything when it is restarted: what the simulator must notice.</summary>
internal sealed class ForgetfulWorld(EngineWorld first) : ISimulatedWorld
{
    private EngineWorld inner = first;

    public FaultPlan Faults => inner.Faults;

    public IReadOnlyList<IMemoryHost> Hosts => inner.Hosts;

    public bool HasOwnClock => true;

    public DateTimeOffset Now => inner.Now;

    public Task KillAsync(int host) => inner.KillAsync(host);

    public async Task RestartAsync()
    {
        await inner.DisposeAsync();
        inner = await EngineWorld.StartAsync(0, 0);
    }

    public Task PassAsync(TimeSpan time) => inner.PassAsync(time);

    public void Jump(TimeSpan by) => inner.Jump(by);

    public Task<string> ReadFilesAsync() => inner.ReadFilesAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
