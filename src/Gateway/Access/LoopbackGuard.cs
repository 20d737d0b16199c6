using System.Net;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Access;

/// <summary>
/// Stands in the way while there are no API keys: only connections from this machine, only host names of this machine
/// (a web page can point its own name at 127.0.0.1), and no web pages of other origins. Forwarded headers are ignored.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, GatewayOptions options)
{
    private readonly HashSet<string> hosts =
        new(options.AllowedHosts.Concat(["localhost", "127.0.0.1", "[::1]"]), StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> origins = new(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
            return http.AnswerAsync(ProblemMap.RemoteNotAllowed());
        if (!hosts.Contains(http.Request.Host.Host))
            return http.AnswerAsync(ProblemMap.HostNotAllowed());
        return IsOriginAllowed(http.Request) ? next(http) : http.AnswerAsync(ProblemMap.OriginNotAllowed());
    }

    private bool IsOriginAllowed(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || origins.Contains(origin)
            || origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }
}
