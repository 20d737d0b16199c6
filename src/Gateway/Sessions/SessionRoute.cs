using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>The session that a path names.</summary>
internal static class SessionRoute
{
    public static SessionKey Read(HttpContext http, FieldErrors errors)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        return new SessionKey(http.GetRequestContext().Caller.Tenant, id);
    }
}
