using MemoryOrleans.Memories;

namespace MemoryOrleans.Grains;

/// <summary>A tenant's settings, kept in the cluster's grain storage, and its quota of the current minute.</summary>
[GrainType("tenant")]
public sealed class TenantGrain(
    [PersistentState("settings", GrainStorageNames.Tenants)] IPersistentState<TenantState> state, SiloMemory memory, TimeProvider clock)
    : Grain, ITenantGrain
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private DateTimeOffset minute;
    private int taken;

    private string Tenant => this.GetPrimaryKeyString();

    public Task<Outcome<Salience>> CiteAsync(string memoryId, CancellationToken cancel) =>
        memory.Host.Memories.CiteAsync(Tenant, memoryId, cancel);

    public Task<TenantSettings> GetSettingsAsync() => Task.FromResult(new TenantSettings(state.State.TurnsPerMinuteMax));

    public async Task<Outcome<TenantSettings>> SetSettingsAsync(TenantSettings settings)
    {
        if (settings.TurnsPerMinuteMax is < TenantSettings.TurnsPerMinuteLeast or > TenantSettings.TurnsPerMinuteMost)
        {
            return new MemoryError(
                ErrorCode.InvalidInput, $"It must be {TenantSettings.TurnsPerMinuteLeast} to {TenantSettings.TurnsPerMinuteMost} turns.", "turns_per_minute_max");
        }

        state.State = new TenantState { TurnsPerMinuteMax = settings.TurnsPerMinuteMax };
        await state.WriteStateAsync();
        return settings;
    }

    public Task<bool> TryTakeQuotaAsync(int turns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        if (state.State.TurnsPerMinuteMax is not { } most)
            return Task.FromResult(true);
        var now = clock.GetUtcNow();
        if (now - minute >= Minute)
            (minute, taken) = (now, 0);
        if (turns > most - taken)
            return Task.FromResult(false);
        taken += turns;
        return Task.FromResult(true);
    }
}

/// <summary>What is stored of a tenant's settings, as JSON.</summary>
[GenerateSerializer]
[Alias("memory.TenantState")]
public sealed class TenantState
{
    [Id(0)]
    public int? TurnsPerMinuteMax { get; set; }
}

/// <summary>Names of grain storage that a silo must have.</summary>
public static class GrainStorageNames
{
    public const string Tenants = "tenants";
}
