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

    /// <summary>Scope <c>admin</c>, or none while only this machine can connect.</summary>
    AdminUnlessLoopback,
}

/// <summary>
/// Finds the caller by <c>X-Api-Key</c> or <c>Authorization: Bearer</c> and checks the endpoint's scope. An endpoint that
/// does not say what it asks for is for administrators.
/// </summary>
internal sealed class AccessControl(RequestDelegate next, GatewayOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        var needed = ScopeOf(http.GetEndpoint());
        var request = http.GetRequestContext();
        if (needed == Scopes.None)
        {
            request.Caller = Caller.Nobody;
            return next(http);
        }

        var caller = options.Keyless ? Caller.Local : options.Keys.Find(Credential(http));
        if (caller is null)
            return http.AnswerAsync(ProblemMap.Unauthenticated());
        request.Caller = caller;
        return (caller.Scopes & needed) == needed ? next(http) : http.AnswerAsync(ProblemMap.InsufficientScope(needed));
    }

    private static ReadOnlySpan<char> Credential(HttpContext http)
    {
        const string Scheme = "Bearer ";
        if (http.Request.Headers["X-Api-Key"] is { Count: 1 } key)
            return key.ToString().AsSpan().Trim();
        var authorization = http.Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization.AsSpan(Scheme.Length).Trim() : default;
    }

    private Scopes ScopeOf(Endpoint? endpoint)
    {
        // No endpoint is a 404; one without metadata is routing's own 405.
        if (endpoint is null or { Metadata.Count: 0 })
            return Scopes.None;
        return endpoint.Metadata.GetMetadata<Operation>()?.Requirement switch
        {
            Requirement.Open => Scopes.None,
            Requirement.Read => Scopes.Read,
            Requirement.Write => Scopes.Write,
            Requirement.AdminUnlessLoopback when options.LoopbackOnly => Scopes.None,
            _ => Scopes.Admin,
        };
    }
}
