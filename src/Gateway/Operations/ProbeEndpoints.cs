using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Operations;

/// <summary>What orchestrators ask: is the process alive, can it take requests.</summary>
internal sealed class ProbeEndpoints(HealthProbe probe)
{
    private const string Tag = "Operations";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/health/live", static http => http.AnswerStatusAsync("ok"), Probe("live", "Whether the process is alive"));
        routes.Map("GET", "/health/ready", ReadyAsync, Probe("ready", "Whether requests can be taken") with { Problems = [503] });
    }

    /// <summary>200, or 503 with the parts that stand in the way; their details are for administrators.</summary>
    public async Task ReadyAsync(HttpContext http)
    {
        var faults = await probe.FindFaultsAsync(http.RequestAborted);
        await (faults.Count == 0
            ? http.AnswerStatusAsync("ok")
            : http.AnswerAsync(ProblemMap.NotReady(faults.Select(f => new FieldErrorResponse(f.Name, f.Fault)).ToArray())));
    }

    public static Operation Probe(string id, string summary) =>
        new(id, Tag, summary, Requirement.Open) { Answer = typeof(ProbeResponse), Unmetered = true };
}
