using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Tenants;

/// <summary>The tenant that an administrator's call is about.</summary>
internal static class TenantRoute
{
    /// <summary>What a caller is told of a tenant that is not its own.</summary>
    public static readonly MemoryError NoSuchTenant = new(ErrorCode.NotFound, "There is no such tenant.");

    /// <summary>The tenant named, or else the caller's own; null when it is another's and the caller no operator.</summary>
    public static string? Find(HttpContext http, string? named)
    {
        var request = http.GetRequestContext();
        var tenant = named ?? request.Caller.Tenant;
        if (tenant == request.Caller.Tenant)
            return tenant;
        if (!request.Caller.Scopes.HasFlag(Scopes.Operator) || !Identifiers.IsValidTenant(tenant))
            return null;
        request.ActsOn = tenant;
        return tenant;
    }

    /// <summary>The tenant in the path of a call that takes no parameters; null when it was refused and is answered.</summary>
    /// <param name="errors">What is wrong with the request so far.</param>
    public static async Task<string?> FindAsync(HttpContext http, FieldErrors errors)
    {
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return null;
        if (Find(http, (string?)http.GetRouteValue("tenant")) is { } tenant)
            return tenant;
        await http.AnswerAsync(ProblemMap.From(NoSuchTenant));
        return null;
    }
}
