using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.OpenApi;

/// <summary>A call that will be taken away, as its answers' headers say: Deprecation (RFC 9745), Sunset (RFC 8594) and Link.</summary>
/// <param name="Since">From when nobody should begin to use it.</param>
/// <param name="Sunset">Before this it is not taken away; at least a year after <paramref name="Since"/> (docs/api.md).</param>
/// <param name="Successor">The path of the call that takes its place.</param>
internal sealed record Deprecation(DateTimeOffset Since, DateTimeOffset Sunset, string Successor)
{
    public const string HeaderName = "Deprecation";
    public const string SunsetName = "Sunset";

    /// <summary>A step of the pipeline, behind routing: every answer of such a call has the headers, a refusal too.</summary>
    public static Task TellAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Deprecation is { } deprecation)
            deprecation.AddTo(http.Response.Headers);
        return next(http);
    }

    private void AddTo(IHeaderDictionary headers)
    {
        headers[HeaderName] = string.Create(CultureInfo.InvariantCulture, $"@{Since.ToUnixTimeSeconds()}");
        headers[SunsetName] = Sunset.ToString("R", CultureInfo.InvariantCulture);
        headers.Link = $"<{Uri.EscapeDataString(Successor).Replace("%2F", "/", StringComparison.Ordinal)}>; rel=\"successor-version\"";
    }
}
