using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Memories;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>What the graph's calls share: ids in the path, times in the query.</summary>
internal static class GraphRequests
{
    public const int LimitDefault = 50;

    public static readonly Parameter AsOfValid = new("as_of_valid", Place.Query, "What was true at this RFC 3339 time; default now.");
    public static readonly Parameter AsOfKnown = new("as_of_known", Place.Query, "As far as recorded by this RFC 3339 time; default now.");

    public static string Tenant(HttpContext http) => http.GetRequestContext().Caller.Tenant;

    public static string ReadId(HttpContext http, FieldErrors errors)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        return id;
    }

    public static AsOf? ReadAsOf(QueryReader query, FieldErrors errors)
    {
        var (valid, known) = (ReadTime(query, AsOfValid.Name, errors), ReadTime(query, AsOfKnown.Name, errors));
        return valid is null && known is null ? null : new AsOf(valid, known);
    }

    /// <summary>An id in the query that must be there.</summary>
    public static string ReadRequiredId(QueryReader query, string name, FieldErrors errors)
    {
        var id = query.Id(name);
        if (id is null)
            errors.Add(name, "is required");
        return id ?? string.Empty;
    }

    private static DateTimeOffset? ReadTime(QueryReader query, string name, FieldErrors errors)
    {
        if (query.Text(name) is not { } text)
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        errors.Add(name, Rfc3339.Form);
        return null;
    }
}
