using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Hosting;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Access;

/// <summary>By what a call can be held to the users and agents that a key is restricted to.</summary>
internal enum Reach
{
    /// <summary>It is about the tenant: no call for a restricted key.</summary>
    Tenant,

    /// <summary>Its parameters <c>user_id</c> and <c>agent_id</c> say.</summary>
    Query,

    /// <summary>The session in its path says; with a body, its handler asks <see cref="ReachChecks"/> besides.</summary>
    Session,

    /// <summary>The memory in its path says.</summary>
    Memory,

    /// <summary>Its handler asks <see cref="ReachChecks"/>, by the body.</summary>
    Body,

    /// <summary>It makes calls of its own with the caller's credential, each of which is held to them.</summary>
    Calls,
}

/// <summary>
/// Holds keys that are restricted to users or agents to them. What is others' looks as if it were not there, and a call that does
/// not say by what it can be held to them is none for such a key; nor is what is mapped beside the gateway, as Orleans' dashboard.
/// </summary>
internal sealed class ReachGuard(RequestDelegate next, IMemoryHost host)
{
    private static readonly MemoryError NoSuchSession = new(ErrorCode.NotFound, "There is no such session.");
    private static readonly MemoryError NoSuchMemory = new(ErrorCode.NotFound, "There is no such memory.");

    public Task InvokeAsync(HttpContext http) =>
        http.GetRequestContext().Caller is { IsRestricted: true } caller
        && http.GetEndpoint() is { Metadata.Count: > 0 } endpoint
        && endpoint.Metadata.GetMetadata<Operation>() is var operation && operation?.Requirement != Requirement.Open
            ? CheckAsync(http, caller, operation?.Reach ?? Reach.Tenant)
            : next(http);

    private async Task CheckAsync(HttpContext http, Caller caller, Reach reach)
    {
        var problem = reach switch
        {
            Reach.Query => caller.MayReach(http.Request.Query["user_id"], http.Request.Query["agent_id"])
                ? null : ProblemMap.RestrictedKey(),
            Reach.Session => await IsOthersSessionAsync(http, caller) ? ProblemMap.From(NoSuchSession) : null,
            Reach.Memory => await IsOthersMemoryAsync(http, caller) ? ProblemMap.From(NoSuchMemory) : null,
            Reach.Body or Reach.Calls => null,
            _ => ProblemMap.RestrictedKey(),
        };
        await (problem is null ? next(http) : http.AnswerAsync(problem));
    }

    private async Task<bool> IsOthersSessionAsync(HttpContext http, Caller caller)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (!Identifiers.IsValid(id))
            return false;
        var session = await host.Sessions.GetAsync(new SessionKey(caller.Tenant, id), http.RequestAborted);
        return session.IsSuccess && !caller.MayReach(session.Value.UserId, session.Value.AgentId);
    }

    private async Task<bool> IsOthersMemoryAsync(HttpContext http, Caller caller)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (!Identifiers.IsValid(id))
            return false;
        var memory = await host.Memories.GetAsync(caller.Tenant, id, http.RequestAborted);

        // What is no memory may be the name of a turn, as recall gives it: of whose session, nobody has looked.
        return !memory.IsSuccess || !caller.MayReach(memory.Value.Owner.UserId, memory.Value.Owner.AgentId);
    }
}

internal static class ReachChecks
{
    /// <summary>
    /// Answers 403 when the request's key is restricted and may not speak of these; false, and nothing is answered, when it may.
    /// </summary>
    /// <param name="sessionId">A session beside them: what is said of it is seen with it, so it must be within reach too.</param>
    public static async ValueTask<bool> RefuseBeyondReachAsync(
        this HttpContext http, string? userId, string? agentId, string? sessionId = null)
    {
        var caller = http.GetRequestContext().Caller;
        if (!caller.IsRestricted || (caller.MayReach(userId, agentId) && await IsOwnSessionAsync(http, caller, sessionId)))
            return false;
        await http.AnswerAsync(ProblemMap.RestrictedKey());
        return true;
    }

    /// <summary>
    /// False where the request's key is restricted and one of the sources is of a session beyond its reach: the answer must then be as if
    /// the turn were not there, for what is told of it is told of somebody else's.
    /// </summary>
    public static async ValueTask<bool> HasOwnSourcesAsync(this HttpContext http, IReadOnlyList<TurnReference> sources)
    {
        var caller = http.GetRequestContext().Caller;
        if (!caller.IsRestricted)
            return true;
        foreach (var session in sources.Select(static source => source.SessionId).Distinct(StringComparer.Ordinal))
        {
            if (!await IsOwnSessionAsync(http, caller, session))
                return false;
        }

        return true;
    }

    // Of one that is not there any more there may be memories of anybody.
    private static async ValueTask<bool> IsOwnSessionAsync(HttpContext http, Caller caller, string? sessionId)
    {
        if (sessionId is null)
            return true;
        var host = http.RequestServices.GetRequiredService<IMemoryHost>();
        var session = await host.Sessions.GetAsync(new SessionKey(caller.Tenant, sessionId), http.RequestAborted);
        return session.IsSuccess && caller.MayReach(session.Value.UserId, session.Value.AgentId);
    }
}
