using System.Diagnostics;
using System.Globalization;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// The outermost step: names the request, answers whatever fails inside as a problem, counts and times it. The one place
/// where an unexpected exception of a request ends.
/// </summary>
internal sealed partial class RequestBoundary(
    RequestDelegate next, GatewayOptions options, GatewayMeters meters, ILogger<RequestBoundary> log)
{
    private const string RequestIdHeader = "X-Request-Id";
    private const int ClientGone = 499;

    private readonly string? strictTransport = options.Tls is { StrictTransport: { Ticks: > 0 } told }
        ? string.Create(CultureInfo.InvariantCulture, $"max-age={told.TotalSeconds:0}")
        : null;

    public async Task InvokeAsync(HttpContext http)
    {
        var request = new RequestContext(RequestIdOf(http.Request));
        var hungUp = false;
        http.Features.Set(request);
        SetCommonHeaders(http.Response, request);
        using var scope = log.BeginScope(request);
        try
        {
            await next(http);
            if (IsBareFailure(http.Response))
                await http.AnswerAsync(ProblemMap.FromStatus(http.Response.StatusCode, http.Request.Method, http.Request.Path));
        }
        catch (Exception failure)
        {
            // The request's boundary: whatever came up is logged, counted and answered.
            hungUp = IsHangUp(http, failure);
            if (hungUp)
                throw;
            await AnswerFailureAsync(http, request, failure);
        }
        finally
        {
            Record(http, request, hungUp ? ClientGone : http.Response.StatusCode);
        }
    }

    /// <summary>
    /// The caller hung up and nobody reads an answer: the connection's own token says so, not the deadline's, or the body
    /// broke off. The server has to see this exception, else it goes on to read the next request.
    /// </summary>
    private static bool IsHangUp(HttpContext http, Exception failure) =>
        (failure is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        || (failure is BadHttpRequestException && failure.Message.StartsWith("Unexpected end", StringComparison.Ordinal));

    /// <summary>Taken from the caller when it has the form of an id, else minted.</summary>
    private static string RequestIdOf(HttpRequest request) =>
        request.Headers[RequestIdHeader] is { Count: 1 } given && Identifiers.IsValid(given[0])
            ? given[0]!
            : Guid.CreateVersion7().ToString("N");

    private void SetCommonHeaders(HttpResponse response, RequestContext request)
    {
        if (strictTransport is not null && response.HttpContext.Request.IsHttps)
            response.Headers.StrictTransportSecurity = strictTransport;
        response.Headers[RequestIdHeader] = request.RequestId;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
    }

    private static bool IsBareFailure(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null or 0 };

    private async Task AnswerFailureAsync(HttpContext http, RequestContext request, Exception failure)
    {
        if (failure is StoreUnavailableException)
        {
            LogStoreUnavailable(log, failure, http.Request.Method, RouteOf(http));
        }
        else if (failure is not BadHttpRequestException)
        {
            meters.Failures.Add(1);
            LogFailed(log, failure, http.Request.Method, RouteOf(http));
        }

        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        SetCommonHeaders(http.Response, request);
        if (failure is BadHttpRequestException)
            http.Response.Headers.Connection = "close";
        await http.AnswerAsync(ProblemMap.From(failure));
    }

    private void Record(HttpContext http, RequestContext request, int status)
    {
        var elapsed = Stopwatch.GetElapsedTime(request.StartedAt);
        meters.Request(RouteOf(http), http.Request.Method, status, elapsed);
        LogAnswered(log, http.Request.Method, RouteOf(http), status, elapsed.TotalMilliseconds);
    }

    private static string? RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Route} answered {Status} in {Milliseconds} ms")]
    private static partial void LogAnswered(ILogger log, string method, string? route, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Route} failed")]
    private static partial void LogFailed(ILogger log, Exception failure, string method, string? route);

    [LoggerMessage(3, LogLevel.Warning, "{Method} {Route} found the store unavailable")]
    private static partial void LogStoreUnavailable(ILogger log, Exception failure, string method, string? route);
}
