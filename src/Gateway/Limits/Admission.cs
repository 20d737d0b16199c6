using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>
/// Turns requests away before they cost anything: 429 beyond the rate limit, 503 beyond the number worked on at a time. It
/// stands behind access control: whose a request is decides whose share it takes.
/// </summary>
internal sealed class Admission(RequestDelegate next, GatewayOptions options, CallerShare share, CallerRates rates, GatewayMeters meters)
{
    private readonly SharedBudget places = new(options.Limits.ConcurrentRequestsMax, share);
    private readonly SharedBudget bodies = new(options.Limits.BodyBytesMax, share);

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Unmetered: true })
        {
            await next(http);
            return;
        }

        var request = http.GetRequestContext();
        if (!rates.TryTake(request.Caller, out var retryAfter))
        {
            meters.RateLimited.Add(1);
            await http.AnswerAsync(ProblemMap.RateLimited(retryAfter));
            return;
        }

        if (!places.TryTake(request.Caller, 1))
        {
            meters.Overloaded.Add(1);
            await http.AnswerAsync(ProblemMap.Overloaded());
            return;
        }

        request.Body = new HeldBody(bodies, request.Caller);
        try
        {
            await next(http);
        }
        finally
        {
            request.Body.Release();
            places.GiveBack(request.Caller, 1);
        }
    }
}

/// <summary>What a request's body takes of MEMORY_BODIES_MEGABYTES, until it has been answered.</summary>
internal sealed class HeldBody(SharedBudget bodies, Caller caller)
{
    /// <summary>As many bytes of each body are free: there are no more of them than places.</summary>
    public const int FreeBytes = 64 * 1024;

    private const int StepBytes = 256 * 1024;

    private long held;

    /// <summary>Holds that many bytes in all; false when they are not to be had.</summary>
    public bool TryHold(long bytes)
    {
        if (bytes <= FreeBytes || bytes <= held)
            return true;

        // A body that comes in pieces does not ask for each of them.
        var wanted = (bytes + StepBytes - 1) / StepBytes * StepBytes;
        if (!bodies.TryTake(caller, wanted - held))
            return false;
        held = wanted;
        return true;
    }

    public void Release()
    {
        if (held > 0)
            bodies.GiveBack(caller, held);
        held = 0;
    }
}
