using MemoryOrleans.Erasures;
using MemoryOrleans.Retention;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Grains;

/// <summary>Sessions' single writers as erasures and clean-up need them: the sessions' grains, wherever they are.</summary>
public sealed class GrainSessionWriters(IGrainFactory grains, GrainCalls calls) : ISessionWriters
{
    public async Task<ErasureCounts> EraseTurnsAsync(SessionKey key, IReadOnlyList<long> seqs, DateTimeOffset now, CancellationToken cancel)
    {
        var grain = GrainOf(key);
        var erased = await calls.RunAsync((_, each) => grain.EraseTurnsAsync([.. seqs], now, each), cancel);
        return erased.IsSuccess ? erased.Value : throw new StoreUnavailableException(erased.Error.Detail);
    }

    public Task<Outcome<Session>> DeleteAsync(SessionKey key, long ifMatchVersion, CancellationToken cancel)
    {
        var grain = GrainOf(key);
        return calls.RunAsync((_, each) => grain.DeleteAsync(ifMatchVersion, each), cancel);
    }

    private ISessionGrain GrainOf(SessionKey key)
    {
        CallContext.Tenant = key.Tenant;
        return grains.GetGrain<ISessionGrain>(GrainKeys.Of(key));
    }
}
