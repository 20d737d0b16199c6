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
        var request = http.GetRequestContext();
        if (request.Lacks != Scopes.None)
        {
            await RefuseScopeAsync(http, request, isCarried);
            return;
        }

        if (operation is { Unmetered: true } || isCarried)
        {
            // A tool's recall counts as one, its request does not count again.
            if (!isCarried || operation?.Takes is not { } kind || !await http.RefuseBeyondLimitAsync(kind, 1))
                await next(http);
            return;
        }

        // Kept: an older client's keyless call may go on as another tenant.
        var caller = request.Caller;
        if (await IsBeyondRatesAsync(http, caller))
            return;

        // Whoever erases a tenant asks how far that is, and nobody is kept from setting limits by limits.
        if (operation?.IsOfTenant == true
            && (await http.RefuseErasedAsync() || await IsBeyondLimitAsync(http, LimitKind.Requests)
            || (operation.Takes is { } taken && await IsBeyondLimitAsync(http, taken))))
            return;

        if (operation?.Lasting == true)
        {
            await next(http);
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

    /// <summary>A wrong scope costs what a right one does: each such answer leaves an entry in the audit trail.</summary>
    private async Task RefuseScopeAsync(HttpContext http, RequestContext request, bool isCarried)
    {
        // A tool's call has been counted.
        if (isCarried || !(await IsBeyondRatesAsync(http, request.Caller) || await IsBeyondLimitAsync(http, LimitKind.Requests)))
            await http.AnswerAsync(ProblemMap.InsufficientScope(request.Lacks));
    }

    private async ValueTask<bool> IsBeyondRatesAsync(HttpContext http, Caller caller)
    {
        if (rates.TryTake(caller, out var retryAfter))
            return false;
        meters.RateLimited.Add(1);
        await http.AnswerAsync(ProblemMap.RateLimited(retryAfter));
        return true;
    }

    private async ValueTask<bool> IsBeyondLimitAsync(HttpContext http, LimitKind kind)
    {
        if (!await http.RefuseBeyondLimitAsync(kind, 1))
            return false;
        meters.RateLimited.Add(1);
        return true;
    }
}
