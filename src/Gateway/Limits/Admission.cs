using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.InProcess;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Tenancy;
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
        var operation = http.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        var isCarried = http.Features.Get<CarriedRequest>() is not null;
        if (operation is { Unmetered: true } || isCarried)
        {
            // A tool's recall counts as one, its request does not count again.
            if (!isCarried || operation?.Takes is not { } kind || !await http.RefuseBeyondLimitAsync(kind, 1))
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

        if (operation?.Requirement is not (null or Requirement.Open))
        {
            // Whoever erases a tenant asks how far that is.
            if (operation.Requirement != Requirement.Operator && await http.RefuseErasedAsync())
                return;
            if (await IsBeyondLimitAsync(http, operation))
            {
                meters.RateLimited.Add(1);
                return;
            }
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

    // Nobody is kept from setting limits by limits.
    private static async ValueTask<bool> IsBeyondLimitAsync(HttpContext http, Operation operation) =>
        operation.Requirement != Requirement.Operator
        && (await http.RefuseBeyondLimitAsync(LimitKind.Requests, 1)
        || (operation.Takes is { } kind && await http.RefuseBeyondLimitAsync(kind, 1)));
}
