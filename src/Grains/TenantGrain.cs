using MemoryOrleans.Engine;
using MemoryOrleans.Grains.Messages;
using MemoryOrleans.Memories;
using MemoryOrleans.Tenancy;
using Orleans.Concurrency;

namespace MemoryOrleans.Grains;

/// <summary>A tenant's settings, kept in the store, and its quota of the current minute.</summary>
[Reentrant]
[GrainType("tenant")]
public sealed class TenantGrain(MemoryEngine engine, ITenantStore store, SiloForgettingClient forgetting, TimeProvider clock) : Grain, ITenantGrain
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private TenantSettings? settings;
    private DateTimeOffset minute;
    private int taken;

    private string Tenant => this.GetPrimaryKeyString();

    public Task<Outcome<Salience>> CiteAsync(string memoryId, CancellationToken cancel) =>
        engine.Memories.CiteAsync(Tenant, memoryId, cancel);

    public async Task<Outcome<TenantSettings>> GetSettingsAsync(CancellationToken cancel) =>
        settings ??= await store.ReadSettingsAsync(Tenant, cancel);

    public async Task<Outcome<TenantSettings>> SetSettingsAsync(TenantSettings settings, CancellationToken cancel)
    {
        if (settings.FindError() is { } error)
            return error;
        try
        {
            await store.SaveSettingsAsync(Tenant, settings, cancel);
        }
        catch (StoreUnavailableException failure)
        {
            return new MemoryError(ErrorCode.StoreUnavailable, failure.Message, RetryAfter: TimeSpan.FromSeconds(2));
        }

        this.settings = settings;
        return settings;
    }

    public async Task<bool> TryTakeQuotaAsync(int turns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        if ((await GetSettingsAsync(CancellationToken.None)).Value.TurnsPerMinuteMax is not { } most)
            return true;
        var now = clock.GetUtcNow();
        if (now - minute >= Minute)
            (minute, taken) = (now, 0);
        if (turns > most - taken)
            return false;
        taken += turns;
        return true;
    }

    public async Task<TenantSettingsMessage> ReadSettingsAsync() => new((await GetSettingsAsync(CancellationToken.None)).Value.TurnsPerMinuteMax);

    public async Task<int> TakeQuotaAsync(int turns) => await TryTakeQuotaAsync(turns) ? turns : 0;

    public async Task<Outcome<int>> ForgetQuestionsAsync(CancellationToken cancel) => await forgetting.ForgetAsync(Tenant, cancel);
}
