using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MemoryOrleans.Redaction;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Engine;

/// <summary>
/// What is redacted for tenants, by their settings as of <see cref="TenantSettings.FreshFor"/> at most; and how much was. Where
/// the settings cannot be read, what comes in fails too: nothing is stored that should not have been.
/// </summary>
internal sealed class TenantRedaction : IRedaction
{
    private const int TenantsMax = 10_000;

    private readonly ConcurrentDictionary<string, (RedactionPacks Packs, long ReadAt)> known = new(StringComparer.Ordinal);
    private readonly long[] taken = new long[RedactionNames.All.Count];
    private readonly ITenantStore tenants;
    private readonly RedactionPacks otherwise;
    private readonly TimeProvider clock;

    /// <param name="otherwise">For tenants for which nothing is set.</param>
    public TenantRedaction(ITenantStore tenants, RedactionPacks otherwise, TimeProvider clock, Meter meter)
    {
        (this.tenants, this.otherwise, this.clock) = (tenants, otherwise, clock);
        meter.CreateObservableCounter("memory_redacted_spans", Measure, "{span}",
            "Spans of texts that were taken out before they were stored, by kind");
    }

    public ValueTask<RedactionPacks> PacksOfAsync(string tenant, CancellationToken cancel) =>
        known.TryGetValue(tenant, out var state) && clock.GetElapsedTime(state.ReadAt) < TenantSettings.FreshFor
            ? ValueTask.FromResult(state.Packs)
            : ReadAsync(tenant, cancel);

    public void Note(RedactionCounts counts)
    {
        for (var i = 0; i < taken.Length; i++)
            Interlocked.Add(ref taken[i], counts.Of(RedactionNames.All[i].Pack));
    }

    /// <summary>Has a tenant's settings read again.</summary>
    public void Forget(string tenant) => known.TryRemove(tenant, out _);

    private async ValueTask<RedactionPacks> ReadAsync(string tenant, CancellationToken cancel)
    {
        var at = clock.GetTimestamp();
        var packs = (await tenants.ReadSettingsAsync(tenant, cancel)).Redact ?? otherwise;
        if (known.Count >= TenantsMax)
            known.Clear();
        known[tenant] = (packs, at);
        return packs;
    }

    private IEnumerable<Measurement<long>> Measure()
    {
        for (var i = 0; i < taken.Length; i++)
            yield return new Measurement<long>(Interlocked.Read(ref taken[i]), new KeyValuePair<string,
                object?>("kind", RedactionNames.All[i].Kind));
    }
}
