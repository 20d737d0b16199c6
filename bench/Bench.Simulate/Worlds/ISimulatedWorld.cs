using MemoryOrleans.Bench.Simulate.Faults;
using MemoryOrleans.Hosting;

namespace MemoryOrleans.Bench.Simulate.Worlds;

/// <summary>What is simulated: hosts side by side over one store.</summary>
internal interface ISimulatedWorld : IAsyncDisposable
{
    FaultPlan Faults { get; }

    /// <summary>Any of them may be asked anything.</summary>
    IReadOnlyList<IMemoryHost> Hosts { get; }

    /// <summary>True where time goes by <see cref="PassAsync"/> alone, and may jump.</summary>
    bool HasOwnClock { get; }

    DateTimeOffset Now { get; }

    /// <summary>One of the hosts, or the silo behind it, is gone with all it held in memory, and another comes.</summary>
    Task KillAsync(int host);

    /// <summary>Everything is gone but the file.</summary>
    Task RestartAsync();

    /// <summary>Time passes, and what became due is done.</summary>
    Task PassAsync(TimeSpan time);

    /// <summary>Somebody puts the clock.</summary>
    void Jump(TimeSpan by);

    /// <summary>All bytes of the store's files.</summary>
    Task<string> ReadFilesAsync();
}
