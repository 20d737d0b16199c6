using System.Diagnostics;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Recall;
using MemoryOrleans.Tenancy;
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
            Answer = typeof(RecallResponse), Problems = [413, 415], Reach = Reach.Body, Takes = LimitKind.Recalls,
        });

    private async Task RecallAsync(HttpContext http, RecallRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var errors = new FieldErrors();
        var query = RecallChecks.ToQuery(http.GetRequestContext().Caller.Tenant, request, options.ResultsMax, errors);
        RecallChecks.RequireUser(options, http.GetRequestContext().Caller, request.UserId, errors);
        if (await http.RefuseAsync(errors) || await http.RefuseBeyondReachAsync(request.UserId, request.AgentId, request.SessionId))
            return;

        await AnswerAsync(http, query, await recall.RecallAsync(query, http.RequestAborted), started);
    }

    // Not async: while the answer waits for its reader, nothing is to hold the contents that it was made of.
    private Task AnswerAsync(HttpContext http, RecallQuery query, Outcome<RecallResult> result, long started)
    {
        if (!result.IsSuccess)
            return http.AnswerAsync(ProblemMap.From(result.Error));
        var took = Stopwatch.GetElapsedTime(started);
        meters.Recalled(query.Tenant, took, result.Value.Degraded.Count > 0);
        var contents = new ContentBudget(options.Limits, query.Query);
        return http.AnswerAsync(StatusCodes.Status200OK, result.Value.ToResponse(took, contents), MemoryJsonContext.Default.RecallResponse);
    }
}
