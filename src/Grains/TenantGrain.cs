using MemoryOrleans.Engine;
using MemoryOrleans.Grains.Messages;
using MemoryOrleans.Memories;
using MemoryOrleans.Tenancy;
using Orleans.Concurrency;

namespace MemoryOrleans.Grains;

/// <summary>A tenant's settings, kept in the store, and its quota of the current minute.</summary>
[Reentrant]
[GrainType("tenant")]
public sealed class TenantGrain(
    MemoryEngine engine, ITenantStore store, SiloForgettingClient forgetting, TimeProvider clock) : Grain, ITenantGrain
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Of keys that are not used any more; a stock is made again, full, when it is asked for.
    private const int StocksMax = 10_000;

    private readonly Dictionary<string, TokenStock> stocks = new(StringComparer.Ordinal);
    private readonly KeptSettings kept = new(store);
    private DateTimeOffset minute;
    private int taken;

    private string Tenant => this.GetPrimaryKeyString();

    public Task<Outcome<Salience>> CiteAsync(string memoryId, CancellationToken cancel) =>
        engine.Memories.CiteAsync(Tenant, memoryId, cancel);

    public async Task<Outcome<TenantSettings>> GetSettingsAsync(CancellationToken cancel) =>
        await kept.ReadAsync(Tenant, cancel);

    public async Task<Outcome<TenantSettings>> SetSettingsAsync(TenantSettings settings, CancellationToken cancel)
    {
        if (settings.FindError() is { } error)
            return error;
        try
        {
            await kept.SaveAsync(Tenant, settings);
        }
        catch (StoreUnavailableException failure)
        {
            return new MemoryError(ErrorCode.StoreUnavailable, failure.Message, RetryAfter: TimeSpan.FromSeconds(2));
        }

        engine.NoteSettings(Tenant);
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

    public Task<LeaseGrantMessage> LeaseAsync(string stock, long perMinute, long wanted, long least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        if (!stocks.TryGetValue(stock, out var found))
        {
            if (stocks.Count >= StocksMax)
                stocks.Clear();
            stocks[stock] = found = new TokenStock();
        }

        var grant = found.Take(perMinute, wanted, least, clock.GetUtcNow());
        return Task.FromResult(new LeaseGrantMessage(grant.Granted, grant.Left, grant.RetryAfter));
    }

    public async Task<TenantSettingsMessage> ReadSettingsAsync() =>
        new TenantSettingsMessage { TurnsPerMinuteMax = (await GetSettingsAsync(CancellationToken.None)).Value.TurnsPerMinuteMax };

    public async Task<int> TakeQuotaAsync(int turns) => await TryTakeQuotaAsync(turns) ? turns : 0;

    public async Task<Outcome<int>> ForgetQuestionsAsync(CancellationToken cancel) => await forgetting.ForgetAsync(Tenant, cancel);

    public async Task<Outcome<int>> ForgetTenantAsync(CancellationToken cancel)
    {
        kept.Forget();
        stocks.Clear();
        return await forgetting.ForgetTenantAsync(Tenant, cancel);
    }
}
