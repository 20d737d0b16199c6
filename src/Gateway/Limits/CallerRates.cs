using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Settings;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// MEMORY_GLOBAL_RATE_LIMIT: of all callers together a window that slides in tenths, and of it for each key and tenant its
/// share, so that one of them cannot spend it all.
/// </summary>
internal sealed class CallerRates : IDisposable
{
    private const int Segments = 10;

    private readonly ConcurrentDictionary<string, TokenBucket> byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenBucket> byTenant = new(StringComparer.Ordinal);
    private readonly SlidingWindowRateLimiter? ofAll;
    private readonly TimeProvider time;
    private readonly CallerShare share;
    private readonly RateLimit? whole;
    private readonly TimeSpan segment;

    public CallerRates(GatewayOptions options, CallerShare share, TimeProvider time)
    {
        (this.share, this.time) = (share, time);
        if (options.Limits.RateLimit is not { } limit)
            return;
        whole = limit;
        segment = limit.Window / Segments;
        ofAll = new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
        {
            PermitLimit = limit.Requests,
            Window = limit.Window,
            SegmentsPerWindow = Segments,
            QueueLimit = 0,
            AutoReplenishment = true,
        });
    }

    /// <summary>Takes a permit; else says when it is worth another try.</summary>
    public bool TryTake(Caller caller, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (ofAll is null || whole is null)
            return true;
        if (share.HasSeveralKeys && !TryTake(byKey, caller.CountedAs, share.OfKey(whole.Requests), out retryAfter))
            return false;
        if (share.HasSeveralTenants && !TryTake(byTenant, caller.Tenant, share.OfTenant(whole.Requests), out retryAfter))
            return false;
        using var lease = ofAll.AttemptAcquire();
        retryAfter = lease.IsAcquired ? TimeSpan.Zero : segment;
        return lease.IsAcquired;
    }

    public void Dispose() => ofAll?.Dispose();

    private bool TryTake(ConcurrentDictionary<string, TokenBucket> buckets, string name, long most, out TimeSpan retryAfter) =>
        buckets.GetOrAdd(name, static (_, made) => new TokenBucket(made.limit, made.time),
        (limit: whole! with { Requests = (int)most }, time))
            .TryTake(out retryAfter);
}
