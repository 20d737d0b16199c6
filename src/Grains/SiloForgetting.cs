using MemoryOrleans.Engine;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace MemoryOrleans.Grains;

/// <summary>Drops what this silo keeps of questions, when asked from anywhere in the cluster.</summary>
public sealed class SiloForgetting(
    GrainId id, Silo silo, ILoggerFactory logs, MemoryEngine engine) : GrainService(id, silo, logs), ISiloForgetting
{
    public Task ForgetAsync(string tenant)
    {
        engine.ForgetQuestions();
        return Task.CompletedTask;
    }
}

/// <summary>Reaches the service of every silo that is alive.</summary>
public sealed class SiloForgettingClient(IServiceProvider services, ISiloStatusOracle silos) : GrainServiceClient<ISiloForgetting>(services)
{
    /// <summary>Has every silo forget; how many there were.</summary>
    /// <exception cref="TimeoutException">One that counts as alive did not answer.</exception>
    public async Task<int> ForgetAsync(string tenant, CancellationToken cancel)
    {
        var alive = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.ToArray();
        await Task.WhenAll(alive.Select(silo => GetGrainService(silo).ForgetAsync(tenant))).WaitAsync(cancel);
        return alive.Length;
    }
}

/// <summary>Forgetting as an erasure asks for it, from any process.</summary>
public sealed class GrainForgetting(IGrainFactory grains, GrainCalls calls) : IForgetting
{
    public async Task ForgetAsync(string tenant, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        var asked = await calls.RunAsync((_, each) => grain.ForgetQuestionsAsync(each), cancel);
        if (!asked.IsSuccess)
            throw new StoreUnavailableException("Not every process could be told to forget.");
    }
}
