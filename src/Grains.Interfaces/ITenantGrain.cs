using MemoryOrleans.Grains.Messages;
using MemoryOrleans.Memories;
using MemoryOrleans.Tenancy;
using Orleans.CodeGeneration;

namespace MemoryOrleans.Grains;

/// <summary>
/// What there is once for a tenant, named by the tenant: its settings, its quota, the citations of its memories, and forgetting.
/// </summary>
/// <remarks>What the release before calls stays for one release, under its alias and in its form.</remarks>
[Alias("memory.ITenantGrain")]
[Version(1)]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Takes note that a memory was cited; saved within a sweep's period and when the grain is deactivated.</summary>
    [Alias("cite")]
    Task<Outcome<Salience>> CiteAsync(string memoryId, CancellationToken cancel);

    /// <summary>The tenant's settings; the defaults when nobody set any.</summary>
    [Alias("read-settings")]
    Task<Outcome<TenantSettings>> GetSettingsAsync(CancellationToken cancel);

    /// <summary>
    /// Puts settings in force, in every process within <see cref="TenantSettings.FreshFor"/>. InvalidInput names the field.
    /// </summary>
    [Alias("set")]
    Task<Outcome<TenantSettings>> SetSettingsAsync([Immutable] TenantSettings settings, CancellationToken cancel);

    /// <summary>
    /// Takes turns out of the tenant's quota for the current minute, all or none; false when not so many are left. A tenant without
    /// a quota has any number.
    /// </summary>
    /// <param name="turns">1 or more.</param>
    [Alias("try-take")]
    Task<bool> TryTakeQuotaAsync(int turns);

    /// <summary>Takes permits out of one of the tenant's stocks: up to so many, or none when there are fewer than the least.</summary>
    [Alias("lease")]
    Task<LeaseGrantMessage> LeaseAsync(string stock, long perMinute, long wanted, long least);

    /// <summary>Has every silo drop the questions it keeps in memory; done when all have that are alive.</summary>
    [Alias("forget")]
    Task<Outcome<int>> ForgetQuestionsAsync(CancellationToken cancel);

    /// <summary>Forgets the tenant, which is being erased as a whole, here and in every silo; done when all have that are alive.</summary>
    [Alias("forget-tenant")]
    Task<Outcome<int>> ForgetTenantAsync(CancellationToken cancel);

    /// <summary>The settings, as version 0 asks for them.</summary>
    [Alias("settings")]
    Task<TenantSettingsMessage> ReadSettingsAsync();

    /// <summary>A place in the quota, as version 0 asks for it; how many of the turns were left, here all of them or none.</summary>
    [Alias("take")]
    Task<int> TakeQuotaAsync(int turns);
}
