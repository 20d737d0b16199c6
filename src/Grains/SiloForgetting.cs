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

    public Task ForgetTenantAsync(string tenant)
    {
        engine.ForgetTenant(tenant);
        return Task.CompletedTask;
    }
}

/// <summary>Reaches the service of every silo that is alive.</summary>
public sealed class SiloForgettingClient(IServiceProvider services, ISiloStatusOracle silos) : GrainServiceClient<ISiloForgetting>(services)
{
    /// <summary>Has every silo forget; how many there were.</summary>
    /// <exception cref="TimeoutException">One that counts as alive did not answer.</exception>
    public Task<int> ForgetAsync(string tenant, CancellationToken cancel) => AskAllAsync(each => each.ForgetAsync(tenant), cancel);

    /// <summary>Has every silo forget all that it keeps of a tenant; how many there were.</summary>
    /// <exception cref="TimeoutException">One that counts as alive did not answer.</exception>
    public Task<int> ForgetTenantAsync(string tenant, CancellationToken cancel) =>
        AskAllAsync(each => each.ForgetTenantAsync(tenant), cancel);

    private async Task<int> AskAllAsync(Func<ISiloForgetting, Task> ask, CancellationToken cancel)
    {
        var alive = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.ToArray();
        await Task.WhenAll(alive.Select(silo => ask(GetGrainService(silo)))).WaitAsync(cancel);
        return alive.Length;
    }
}

/// <summary>Forgetting as an erasure asks for it, from any process.</summary>
public sealed class GrainForgetting(IGrainFactory grains, GrainCalls calls) : IForgetting
{
    public Task ForgetAsync(string tenant, CancellationToken cancel) =>
        AskAsync(tenant, static (grain, each) => grain.ForgetQuestionsAsync(each), cancel);

    public Task ForgetTenantAsync(string tenant, CancellationToken cancel) =>
        AskAsync(tenant, static (grain, each) => grain.ForgetTenantAsync(each), cancel);

    private async Task AskAsync(
        string tenant, Func<ITenantGrain, CancellationToken, Task<Outcome<int>>> ask, CancellationToken cancel)
    {
        CallContext.Tenant = tenant;
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        var asked = await calls.RunAsync((_, each) => ask(grain, each), cancel);
        if (!asked.IsSuccess)
            throw new StoreUnavailableException("Not every process could be told to forget.");
    }
}
