using System.Net;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Access;

/// <summary>What an endpoint asks of its caller.</summary>
internal enum Requirement
{
    /// <summary>No credential.</summary>
    Open,

    /// <summary>Scope <c>read</c>.</summary>
    Read,

    /// <summary>Scope <c>write</c>.</summary>
    Write,

    /// <summary>Scope <c>admin</c>.</summary>
    Admin,

    /// <summary>Scope <c>operator</c>.</summary>
    Operator,

    /// <summary>Scope <c>admin</c>, or none while only this machine can connect.</summary>
    AdminUnlessLoopback,
}

/// <summary>
/// Finds the caller by <c>X-Api-Key</c> or <c>Authorization: Bearer</c> and checks the endpoint's scope. An endpoint that
/// does not say what it asks for is for administrators. Who has no valid key is counted by address; who has one of too few scopes is
/// refused by <see cref="Admission"/>, within the caller's limits.
/// </summary>
internal sealed class AccessControl(
    RequestDelegate next, GatewayOptions options, Credentials credentials, AddressLimits addresses, CallerShare share,
    GatewayMeters meters)
{
    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var operation = endpoint?.Metadata.GetMetadata<Operation>();
        var needed = ScopeOf(http.Request, endpoint, operation);
        if (needed == Scopes.None)
            return operation?.Unmetered == true || options.Keyless ? next(http) : CountAsync(http, null);

        if (options.Keyless)
            return AdmitAsync(http, Caller.Local, needed);
        var credential = Credentials.Of(http.Request);
        return credentials.TryFind(credential, out var caller)
            ? AdmitAsync(http, caller, needed) : LookUpAsync(http, credential.ToString(), needed);
    }

    /// <summary>
    /// A token, or a key of the store that this process has not read, or not lately. An address that sent too many wrong keys makes it
    /// read no more.
    /// </summary>
    private async Task LookUpAsync(HttpContext http, string credential, Scopes needed)
    {
        if (credentials.MayBeGuessed(credential) && addresses.IsSpent(AddressOf(http)))
        {
            await CountAsync(http, ProblemMap.Unauthenticated());
            return;
        }

        Caller? caller;
        try
        {
            caller = await credentials.FindAsync(credential, http.RequestAborted);
        }
        catch (IssuerUnreachableException)
        {
            await CountAsync(http, ProblemMap.IssuerUnreachable());
            return;
        }

        await AdmitAsync(http, caller, needed);
    }

    private Task AdmitAsync(HttpContext http, Caller? caller, Scopes needed)
    {
        if (caller is null || !addresses.Allows(AddressOf(http), caller))
            return CountAsync(http, ProblemMap.Unauthenticated());
        http.GetRequestContext().Caller = caller;
        share.Meet(caller);
        if (http.Features.Get<ConnectionGate.HeldConnection>()?.Prove() != false)
            addresses.Trust(AddressOf(http), caller);
        if ((caller.Scopes & needed) != needed)
            http.GetRequestContext().Lacks = needed;
        return next(http);
    }

    /// <summary>Counts a request without a caller, and answers with the problem, if there is one.</summary>
    private Task CountAsync(HttpContext http, Problem? problem)
    {
        if (addresses.TryTake(AddressOf(http), out var retryAfter))
            return problem is null ? next(http) : http.AnswerAsync(problem);
        meters.RateLimited.Add(1);
        return http.AnswerAsync(ProblemMap.AddressRateLimited(retryAfter));
    }

    private static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <summary>A proxy on this machine brings callers that are not on it.</summary>
    private static bool IsForwarded(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded") || headers.ContainsKey("X-Real-IP")
        || headers.ContainsKey("Via");

    private Scopes ScopeOf(HttpRequest request, Endpoint? endpoint, Operation? operation)
    {
        // No endpoint is a 404; one without metadata is routing's own 405.
        if (endpoint is null or { Metadata.Count: 0 })
            return Scopes.None;
        return operation?.Requirement switch
        {
            Requirement.Open => Scopes.None,
            Requirement.Read => Scopes.Read,
            Requirement.Write => Scopes.Write,
            Requirement.Operator => Scopes.Operator,
            Requirement.AdminUnlessLoopback when options is { LoopbackOnly: true, MetricsNeedKey: false }
            && !IsForwarded(request.Headers) => Scopes.None,
            _ => Scopes.Admin,
        };
    }
}
