using Microsoft.AspNetCore.Http;

namespace MemoryOrleans.Gateway.InProcess;

/// <summary>
/// Where requests of this process itself enter the gateway's pipeline: at its first step, as if they had come by the network.
/// </summary>
internal sealed class PipelineEntrance
{
    private RequestDelegate? first;

    public RequestDelegate First => first ?? throw new InvalidOperationException("The gateway has not been started.");

    /// <summary>Notes the step that follows, and stays out of the way.</summary>
    public RequestDelegate Note(RequestDelegate next) => first = next;
}

/// <summary>Marks a request that is made while another one is answered, which has passed admission already: it counts once.</summary>
internal sealed class CarriedRequest
{
    public static readonly CarriedRequest Mark = new();
}
