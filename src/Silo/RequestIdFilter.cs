using MemoryOrleans.Grains;
using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Silo;

/// <summary>Lets grain calls carry the id of the HTTP request they are made for.</summary>
internal sealed class RequestIdFilter(IHttpContextAccessor http) : IOutgoingGrainCallFilter
{
    private const string RequestIdHeader = "X-Request-Id";

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (CallContext.RequestId is null && http.HttpContext?.Response.Headers[RequestIdHeader] is { Count: 1 } id)
            CallContext.RequestId = id[0];
        return context.Invoke();
    }
}
