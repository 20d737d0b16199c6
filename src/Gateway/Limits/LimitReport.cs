using System.Globalization;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Limits;

/// <summary>How a limit of a tenant or key stands after a request took its part.</summary>
/// <param name="Name">For instance <c>tenant-requests</c>; empty: there is no limit.</param>
/// <param name="PerMinute">The limit.</param>
/// <param name="Left">What is left of it, as far as this process knows.</param>
/// <param name="RetryAfter">Null when the request may go on.</param>
internal readonly record struct LimitReport(string Name, long PerMinute, long Left, TimeSpan? RetryAfter)
{
    /// <summary>No limit.</summary>
    public static readonly LimitReport None = new(string.Empty, 0, 0, null);

    /// <summary>Tells it in the headers of draft-ietf-httpapi-ratelimit-headers.</summary>
    public void Tell(IHeaderDictionary headers)
    {
        if (string.IsNullOrEmpty(Name))
            return;
        var unit = Name.EndsWith("bytes", StringComparison.Ordinal) ? ";qu=\"content-bytes\"" : string.Empty;
        headers.Append("RateLimit-Policy", string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={PerMinute};w=60{unit}"));
        var wait = RetryAfter is { } time ? Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)) : 60;
        headers.Append("RateLimit", string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";r={Math.Max(0, Left)};t={wait}"));
    }
}

internal static class LimitAccess
{
    /// <summary>Answers 409 while the caller's tenant is being erased, and false when it is not.</summary>
    public static async ValueTask<bool> RefuseErasedAsync(this HttpContext http)
    {
        var rates = http.RequestServices.GetRequiredService<TenantRates>();
        if (!await rates.IsBeingErasedAsync(http.GetRequestContext().Caller.Tenant, http.RequestAborted))
            return false;
        await http.AnswerAsync(ProblemMap.TenantBeingErased());
        return true;
    }

    /// <summary>Takes permits in the caller's name; answers 429 when there are none, and false when there were.</summary>
    public static async ValueTask<bool> RefuseBeyondLimitAsync(this HttpContext http, LimitKind kind, long amount)
    {
        var rates = http.RequestServices.GetRequiredService<TenantRates>();
        var report = await rates.TakeAsync(http.GetRequestContext().Caller, kind, amount, http.RequestAborted);
        report.Tell(http.Response.Headers);
        if (report.RetryAfter is not { } wait)
            return false;
        await http.AnswerAsync(ProblemMap.LimitReached(report.Name, wait));
        return true;
    }
}
