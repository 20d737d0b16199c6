using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Memories;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>The memory that a path names, and how one is answered.</summary>
internal static class MemoryRoute
{
    public static string Read(HttpContext http, FieldErrors errors)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        return id;
    }

    public static string TenantOf(HttpContext http) => http.GetRequestContext().Caller.Tenant;

    public static Task AnswerAsync(HttpContext http, int status, Outcome<MemoryRecord> memory) =>
        http.AnswerTaggedAsync(memory, static each => each.Version, static each => each.ToResponse(),
        MemoryJsonContext.Default.MemoryResponse, status);
}
