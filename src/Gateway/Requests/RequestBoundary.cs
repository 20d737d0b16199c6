using System.Diagnostics;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>
/// The outermost step: names the request, answers whatever fails inside as a problem, counts and times it. The one place
/// where an unexpected exception of a request ends.
/// </summary>
internal sealed partial class RequestBoundary(RequestDelegate next, GatewayMeters meters, ILogger<RequestBoundary> log)
{
    private const string RequestIdHeader = "X-Request-Id";
    private const int ClientGone = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        var request = new RequestContext(RequestIdOf(http.Request));
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
            await AnswerFailureAsync(http, request, failure);
        }

        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var elapsed = Stopwatch.GetElapsedTime(request.StartedAt);
        meters.Request(route, http.Request.Method, http.Response.StatusCode, elapsed);
        LogAnswered(log, http.Request.Method, route, http.Response.StatusCode, elapsed.TotalMilliseconds);
    }

    /// <summary>Taken from the caller when it has the form of an id, else minted.</summary>
    private static string RequestIdOf(HttpRequest request) =>
        request.Headers[RequestIdHeader] is { Count: 1 } given && Identifiers.IsValid(given[0])
            ? given[0]!
            : Guid.CreateVersion7().ToString("N");

    private static void SetCommonHeaders(HttpResponse response, RequestContext request)
    {
        response.Headers[RequestIdHeader] = request.RequestId;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }

    private static bool IsBareFailure(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null or 0 };

    private async Task AnswerFailureAsync(HttpContext http, RequestContext request, Exception failure)
    {
        // The connection's own token, not the deadline's: the caller hung up, and nobody reads an answer.
        if (failure is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : ClientGone;
            return;
        }

        if (failure is not BadHttpRequestException)
        {
            meters.Failures.Add(1);
            LogFailed(log, failure, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        }

        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        SetCommonHeaders(http.Response, request);
        await http.AnswerAsync(ProblemMap.From(failure));
    }

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Route} answered {Status} in {Milliseconds} ms")]
    private static partial void LogAnswered(ILogger log, string method, string? route, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Route} failed")]
    private static partial void LogFailed(ILogger log, Exception failure, string method, string? route);
}
