using MemoryOrleans.Memories;

namespace MemoryOrleans.Grains;

/// <summary>What there is once for a tenant, named by the tenant: its settings, its quota, and the citations of its memories.</summary>
[Alias("memory.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Takes note that a memory was cited; saved within a sweep's period and when the grain is deactivated.</summary>
    [Alias("cite")]
    Task<Outcome<Salience>> CiteAsync(string memoryId, CancellationToken cancel);

    /// <summary>The tenant's settings; the defaults when nobody set any.</summary>
    [Alias("settings")]
    Task<TenantSettings> GetSettingsAsync();

    /// <summary>Puts settings in force, in every gateway within <see cref="TenantSettings.FreshFor"/>. InvalidInput names the field.</summary>
    [Alias("set")]
    Task<Outcome<TenantSettings>> SetSettingsAsync(TenantSettings settings);

    /// <summary>
    /// Takes turns out of the tenant's quota for the current minute, all or none; false when not so many are left. A tenant without
    /// a quota has any number.
    /// </summary>
    /// <param name="turns">1 or more.</param>
    [Alias("take")]
    Task<bool> TryTakeQuotaAsync(int turns);
}

/// <summary>What an operator may set for one tenant.</summary>
/// <param name="TurnsPerMinuteMax">Turns that may be appended in a minute over all gateways, 1..10,000,000; null: as many as can be.</param>
[GenerateSerializer]
[Immutable]
[Alias("memory.TenantSettings")]
public sealed record TenantSettings([property: Id(0)] int? TurnsPerMinuteMax = null)
{
    public const int TurnsPerMinuteLeast = 1;
    public const int TurnsPerMinuteMost = 10_000_000;

    /// <summary>How long gateways go by settings they have read.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);
}
