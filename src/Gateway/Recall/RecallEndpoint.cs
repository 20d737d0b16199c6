using System.Diagnostics;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Recall;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Recall;

/// <summary>A query to ranked, cited items.</summary>
internal sealed class RecallEndpoint(IRecallOperations recall, GatewayOptions options, GatewayMeters meters)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("POST", "/v1/recall", MemoryJsonContext.Default.RecallRequest, RecallAsync, new Operation(
            "recall", "Recall", "Ranked, cited items for a query", Requirement.Read)
        {
            Answer = typeof(RecallResponse), Problems = [413, 415],
        });

    private async Task RecallAsync(HttpContext http, RecallRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var errors = new FieldErrors();
        var query = RecallChecks.ToQuery(http.GetRequestContext().Caller.Tenant, request, options.ResultsMax, errors);
        RecallChecks.RequireUser(options, request.UserId, errors);
        if (await http.RefuseAsync(errors))
            return;

        var result = await recall.RecallAsync(query, http.RequestAborted);
        if (await http.RefuseAsync(result.Error))
            return;

        var took = Stopwatch.GetElapsedTime(started);
        meters.Recalled(query.Tenant, took, result.Value.Degraded.Count > 0);
        await http.AnswerAsync(StatusCodes.Status200OK, result.Value.ToResponse(took), MemoryJsonContext.Default.RecallResponse);
    }
}
