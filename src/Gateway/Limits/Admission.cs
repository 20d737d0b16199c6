using MemoryOrleans.Gateway.InProcess;
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
    private readonly SharedBudget bytes = new(options.Limits.BodyBytesMax, share);

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Unmetered: true } || http.Features.Get<CarriedRequest>() is not null)
        {
            await next(http);
            return;
        }

        var request = http.GetRequestContext();

        // Kept: an older client's keyless call may go on as another tenant.
        var caller = request.Caller;
        if (!rates.TryTake(caller, out var retryAfter))
        {
            meters.RateLimited.Add(1);
            await http.AnswerAsync(ProblemMap.RateLimited(retryAfter));
            return;
        }

        if (!places.TryTake(caller, 1))
        {
            meters.Overloaded.Add(1);
            await http.AnswerAsync(ProblemMap.Overloaded());
            return;
        }

        var held = request.Held = new HeldBytes(bytes, caller);
        try
        {
            await next(http);
        }
        finally
        {
            held.Release();
            places.GiveBack(caller, 1);
        }
    }
}
