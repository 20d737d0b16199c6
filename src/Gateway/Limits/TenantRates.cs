using System.Collections.Concurrent;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// What a tenant, and each of its keys, may have in a minute over all gateways. The stocks are with the tenant's actor; a gateway takes
/// a twentieth of the minute's permits at a time and spends them by itself, so that most requests ask nobody.
/// </summary>
internal sealed class TenantRates(IMemoryHost host, GatewayOptions options, TimeProvider time)
{
    private const int TenantsMax = 10_000;
    private const int LeasesMax = 10_000;
    private const int LeasePart = 20;
    private const int Whole = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TenantState> tenants = new(StringComparer.Ordinal);

    /// <summary>Takes permits in a caller's name; what holds the caller back, or what it has left where there is a limit.</summary>
    public ValueTask<LimitReport> TakeAsync(Caller caller, LimitKind kind, long amount, CancellationToken cancel)
    {
        if (tenants.TryGetValue(caller.Tenant, out var state) && time.GetElapsedTime(state.ReadAt) < TenantSettings.FreshFor)
            return state.Settings.PerMinuteOf(kind) is null
                ? new ValueTask<LimitReport>(LimitReport.None) : TakeAsync(state, caller, kind, amount, cancel);
        return ReadAndTakeAsync(caller, kind, amount, cancel);
    }

    /// <summary>True while a tenant is being erased, as far as is known here.</summary>
    public async ValueTask<bool> IsBeingErasedAsync(string tenant, CancellationToken cancel) =>
        tenants.TryGetValue(tenant, out var state) && time.GetElapsedTime(state.ReadAt) < TenantSettings.FreshFor
            ? state.Settings.IsBeingErased
            : (await ReadAsync(tenant, cancel)).Settings.IsBeingErased;

    /// <summary>The next who asks reads what is set.</summary>
    public void Forget(string tenant) => tenants.TryRemove(tenant, out _);

    private async ValueTask<LimitReport> ReadAndTakeAsync(Caller caller, LimitKind kind, long amount, CancellationToken cancel)
    {
        var state = await ReadAsync(caller.Tenant, cancel);
        return state.Settings.PerMinuteOf(kind) is null ? LimitReport.None : await TakeAsync(state, caller, kind, amount, cancel);
    }

    private async ValueTask<TenantState> ReadAsync(string tenant, CancellationToken cancel)
    {
        var now = time.GetTimestamp();
        var known = tenants.GetValueOrDefault(tenant);

        // Others go by what was known while this one asks.
        if (known is not null)
            tenants.TryUpdate(tenant, known with { ReadAt = now }, known);
        var settings = await AskAsync(() => host.Tenants.GetSettingsAsync(tenant, CancellationToken.None),
            cancel) is { IsSuccess: true } read
            ? read.Value.Or(options.Limits.OfTenants)
            : known?.Settings ?? options.Limits.OfTenants;

        // Leases stay good unless the limits they were taken under have changed.
        var leases = known is not null && known.Settings == settings
            ? known.Leases : new ConcurrentDictionary<string, Lease>(StringComparer.Ordinal);
        if (tenants.Count >= TenantsMax)
            tenants.Clear();
        return tenants[tenant] = new TenantState(settings, leases, now);
    }

    private async ValueTask<LimitReport> TakeAsync(TenantState state, Caller caller, LimitKind kind, long amount, CancellationToken cancel)
    {
        var perMinute = state.Settings.PerMinuteOf(kind)!.Value;
        var share = state.Settings.KeySharePercent ?? Whole;
        Lease? ofKey = null;
        if (share < Whole)
        {
            ofKey = LeaseOf(state, $"{kind}:{caller.CountedAs}");
            var own = await TakeAsync(ofKey, caller.Tenant, Math.Max(1, perMinute * share / Whole), amount, cancel);
            if (own.RetryAfter is not null)
                return own with { Name = $"key-{NameOf(kind)}" };
        }

        // The host itself counts the turns of a tenant.
        if (kind == LimitKind.Turns)
            return LimitReport.None;
        var report = await TakeAsync(LeaseOf(state, kind.ToString()), caller.Tenant, perMinute, amount, cancel);
        if (report.RetryAfter is not null)
            ofKey?.GiveBack(amount);
        return report with { Name = $"tenant-{NameOf(kind)}" };
    }

    private async ValueTask<LimitReport> TakeAsync(Lease lease, string tenant, long perMinute, long amount, CancellationToken cancel)
    {
        if (!lease.TryTake(amount, out var missing))
        {
            if (lease.IsRefused(missing, time, out var wait))
                return new LimitReport(string.Empty, perMinute, lease.Left, wait);
            var wanted = Math.Max(missing, perMinute / LeasePart);
            var asked = await AskAsync(() =>
                host.Tenants.LeaseAsync(tenant, lease.Stock, perMinute, wanted, missing, CancellationToken.None), cancel);

            // A limit that cannot be asked for keeps nobody out.
            if (asked is not { IsSuccess: true } granted)
                return LimitReport.None;
            if (!lease.Add(granted.Value, amount, missing, time))
                return new LimitReport(string.Empty, perMinute, lease.Left,
                    granted.Value.RetryAfter > TimeSpan.Zero ? granted.Value.RetryAfter : Patience);
        }

        return new LimitReport(string.Empty, perMinute, lease.Left, RetryAfter: null);
    }

    private async ValueTask<Outcome<T>?> AskAsync<T>(Func<Task<Outcome<T>>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask().WaitAsync(Patience, time, cancel);
        }
        catch (Exception failure) when (failure is TimeoutException or StoreUnavailableException)
        {
            return null;
        }
    }

    private static Lease LeaseOf(TenantState state, string stock)
    {
        if (state.Leases.TryGetValue(stock, out var lease))
            return lease;
        if (state.Leases.Count >= LeasesMax)
            state.Leases.Clear();
        return state.Leases.GetOrAdd(stock, static name => new Lease(name));
    }

    private static string NameOf(LimitKind kind) => kind.ToString().ToLowerInvariant();

    private sealed record TenantState(TenantSettings Settings, ConcurrentDictionary<string, Lease> Leases, long ReadAt);

    /// <summary>Permits that this process has taken out of a stock and not spent.</summary>
    private sealed class Lease(string stock)
    {
        private static readonly TimeSpan RefusedMax = TimeSpan.FromMilliseconds(250);

        private readonly Lock gate = new();
        private long held;
        private long inStock;
        private long refused;
        private long refusedAt;
        private TimeSpan refusedFor;

        public string Stock => stock;

        /// <summary>What there is, as far as this process knows.</summary>
        public long Left
        {
            get
            {
                lock (gate)
                    return held + inStock;
            }
        }

        public bool TryTake(long amount, out long missing)
        {
            lock (gate)
            {
                missing = amount - held;
                if (missing > 0)
                    return false;
                held -= amount;
                return true;
            }
        }

        /// <summary>Adds what was granted and takes from it; false when others were quicker, or there was too little.</summary>
        public bool Add(LeaseGrant granted, long amount, long least, TimeProvider time)
        {
            lock (gate)
            {
                held += granted.Granted;
                inStock = granted.Left;
                if (granted.Granted == 0)
                    (refused, refusedAt, refusedFor) =
                        (least, time.GetTimestamp(), granted.RetryAfter < RefusedMax ? granted.RetryAfter : RefusedMax);
                if (held < amount)
                    return false;
                held -= amount;
                return true;
            }
        }

        public void GiveBack(long amount)
        {
            lock (gate)
                held += amount;
        }

        /// <summary>Whether the stock did not have so many a moment ago: then it is not asked again at once.</summary>
        public bool IsRefused(long least, TimeProvider time, out TimeSpan wait)
        {
            lock (gate)
            {
                wait = refusedFor - time.GetElapsedTime(refusedAt);
                return refusedFor > TimeSpan.Zero && wait > TimeSpan.Zero && least >= refused;
            }
        }
    }
}
