using System.Threading.RateLimiting;
using MemoryOrleans.Gateway.InProcess;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// Turns requests away before they cost anything: 429 beyond the rate limit, 503 beyond the number worked on at a time.
/// </summary>
internal sealed class Admission(RequestDelegate next, GatewayOptions options, RateLimiterHolder holder, GatewayMeters meters)
{
    private readonly RateLimiter? limiter = holder.Limiter;
    private int underWay;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Unmetered: true } || http.Features.Get<CarriedRequest>() is not null)
        {
            await next(http);
            return;
        }

        if (limiter is not null && !Permitted(limiter))
        {
            meters.RateLimited.Add(1);
            await http.AnswerAsync(ProblemMap.RateLimited(holder.RetryAfter));
            return;
        }

        try
        {
            if (Interlocked.Increment(ref underWay) <= options.ConcurrentRequestsMax)
            {
                await next(http);
                return;
            }

            meters.Overloaded.Add(1);
            await http.AnswerAsync(ProblemMap.Overloaded());
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private static bool Permitted(RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }
}

/// <summary>Owns the limiter that MEMORY_GLOBAL_RATE_LIMIT describes: a window that slides in tenths.</summary>
internal sealed class RateLimiterHolder(GatewayOptions options) : IDisposable
{
    private const int Segments = 10;

    public RateLimiter? Limiter { get; } = options.RateLimit is not { } limit
        ? null
        : new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
        {
            PermitLimit = limit.Requests,
            Window = limit.Window,
            SegmentsPerWindow = Segments,
            QueueLimit = 0,
            AutoReplenishment = true,
        });

    /// <summary>After this long the window has moved on.</summary>
    public TimeSpan RetryAfter { get; } = (options.RateLimit?.Window ?? TimeSpan.Zero) / Segments;

    public void Dispose() => Limiter?.Dispose();
}
