using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MemoryOrleans.Gateway.Access;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// Something there is so much of, in use by callers: places, bytes. A key, and a tenant, gets its share at most while there
/// are others, so that none of them can take the last of it.
/// </summary>
internal sealed class SharedBudget(long whole, CallerShare share)
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StrongBox<long>> byTenant = new(StringComparer.Ordinal);
    private long taken;

    /// <summary>False, and nothing is taken, when the caller's share or the whole is in use.</summary>
    public bool TryTake(Caller caller, long amount)
    {
        var (ofKey, ofTenant) = (InUse(byKey, caller.CountedAs), InUse(byTenant, caller.Tenant));
        if (!TryAdd(ref ofKey.Value, amount, share.OfKey(whole)))
            return false;
        if (TryAdd(ref ofTenant.Value, amount, share.OfTenant(whole)))
        {
            if (TryAdd(ref taken, amount, whole))
                return true;
            Interlocked.Add(ref ofTenant.Value, -amount);
        }

        Interlocked.Add(ref ofKey.Value, -amount);
        return false;
    }

    public void GiveBack(Caller caller, long amount)
    {
        Interlocked.Add(ref InUse(byKey, caller.CountedAs).Value, -amount);
        Interlocked.Add(ref InUse(byTenant, caller.Tenant).Value, -amount);
        Interlocked.Add(ref taken, -amount);
    }

    private static StrongBox<long> InUse(ConcurrentDictionary<string, StrongBox<long>> counts, string name) =>
        counts.GetOrAdd(name, static _ => new StrongBox<long>());

    private static bool TryAdd(ref long count, long amount, long max)
    {
        if (Interlocked.Add(ref count, amount) <= max)
            return true;
        Interlocked.Add(ref count, -amount);
        return false;
    }
}

/// <summary>What one key or tenant may have of a whole. That there are others is known from settings, or once they have called.</summary>
/// <param name="percent">While there are others.</param>
internal sealed class CallerShare(int percent, bool hasSeveralKeys, bool hasSeveralTenants)
{
    private volatile bool severalKeys = hasSeveralKeys;
    private volatile bool severalTenants = hasSeveralTenants;
    private volatile Caller? first;

    public bool HasSeveralKeys => severalKeys;

    public bool HasSeveralTenants => severalTenants;

    public long OfKey(long whole) => severalKeys ? Of(whole) : whole;

    public long OfTenant(long whole) => severalTenants ? Of(whole) : whole;

    /// <summary>Takes note of a caller.</summary>
    public void Meet(Caller caller)
    {
        if (severalKeys && severalTenants)
            return;
        var met = first ??= caller;
        if (ReferenceEquals(met, caller))
            return;
        severalKeys |= met.CountedAs != caller.CountedAs;
        severalTenants |= met.Tenant != caller.Tenant;
    }

    // Of one place, the share is that place.
    private long Of(long whole) => Math.Max(1, whole * percent / 100);
}
