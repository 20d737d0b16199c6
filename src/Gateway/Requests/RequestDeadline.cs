using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.Requests;

/// <summary>Cancels a request that takes longer than MEMORY_REQUEST_TIMEOUT_SECONDS, and answers 503.</summary>
internal sealed class RequestDeadline(RequestDelegate next, GatewayOptions options, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Unhurried: true })
        {
            await next(http);
            return;
        }

        var hangUp = http.RequestAborted;
        using var deadline = new CancellationTokenSource(options.RequestTimeout, time);
        using var registration = hangUp.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), deadline);
        http.RequestAborted = deadline.Token;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !hangUp.IsCancellationRequested )
        {
            // An answer that nobody reads on is given up; one that has not begun says so.
            if (http.Response.HasStarted)
                http.Abort();
            else
                await http.AnswerAsync(ProblemMap.RequestTimeout());
        }
        finally
        {
            http.RequestAborted = hangUp;
        }
    }
}
