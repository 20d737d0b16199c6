using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Memories;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Operations;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Compatibility;

/// <summary>
/// The second older client: <c>POST /memory/recall</c>, <c>POST /memory/distill</c> and <c>GET /health</c>. Its <c>GET
/// /metrics/prometheus</c> is
/// <c>/metrics</c> under another name.
/// </summary>
internal sealed class SessionRecallEndpoints(IMemoryHost host, ProbeEndpoints probes, GatewayOptions options, GatewayMeters meters)
{
    private const int KDefault = 5;
    private const int KMax = 100;

    private static readonly Deprecation DistilIsLeaving = new(
        new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Successor: "/v1/sessions/{id}/distill");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/memory/recall", MemoryJsonContext.Default.SessionRecallRequest, RecallAsync, new Operation(
            "recallInSession", "Older clients", "Recall, in one session when it is named", Requirement.Read)
        {
            Answer = typeof(SearchResponse), Problems = [413, 415],
        });
        routes.Map("POST", "/memory/distill", MemoryJsonContext.Default.SessionDistilRequest, DistilAsync, new Operation(
            "distilInSession", "Older clients", "Distils a session's turns now", Requirement.Write)
        {
            Answer = typeof(DistillationResponse), Problems = [404, 413, 415], Also = [DistilEndpoint.GoesOn],
                Deprecation = DistilIsLeaving,
        });
        routes.Map("GET", "/health", probes.ReadyAsync,
            ProbeEndpoints.Probe("olderHealth", "The same as /health/ready") with { Problems = [503] });
    }

    private async Task RecallAsync(HttpContext http, SessionRecallRequest request)
    {
        var errors = new FieldErrors();
        if (TextRules.QueryFault(request.Query) is { } queryFault)
            errors.Add("query", queryFault);
        if (TextRules.IdFault(request.SessionId) is { } idFault)
            errors.Add("session_id", idFault);
        RecallChecks.RequireUser(options, http.GetRequestContext().Caller, null, errors);
        if (request.K is < 1 or > KMax)
            errors.Add("k", $"must be a whole number from 1 to {KMax}");
        if (await http.RefuseAsync(errors))
            return;

        var query = new RecallQuery(
            http.GetRequestContext().Caller.Tenant, request.Query!, Math.Min(request.K ?? KDefault, options.ResultsMax),
            SessionId: request.SessionId, Kinds: ["turn"]);
        await Search.AnswerAsync(http, host.Recall, query, options, meters);
    }

    private async Task DistilAsync(HttpContext http, SessionDistilRequest request)
    {
        var errors = new FieldErrors();
        if (request.SessionId is null)
            errors.Add("session_id", "is required");
        else if (TextRules.IdFault(request.SessionId) is { } fault)
            errors.Add("session_id", fault);
        if (!await http.RefuseAsync(errors))
            await DistilEndpoint.AnswerAsync(http, host.Memories,
                new SessionKey(http.GetRequestContext().Caller.Tenant, request.SessionId!), options.DistilPatience);
    }
}
