using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Memories;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Operations;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Compatibility;

/// <summary>
/// The second older client: <c>POST /memory/recall</c>, <c>POST /memory/distill</c> and <c>GET /health</c>. Its <c>GET /metrics/prometheus</c> is
/// <c>/metrics</c> under another name.
/// </summary>
internal sealed class SessionRecallEndpoints(IMemoryHost host, ProbeEndpoints probes, GatewayOptions options, GatewayMeters meters)
{
    private const int KDefault = 5;
    private const int KMax = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/memory/recall", RecallAsync, new Operation("recallInSession", "Older clients", "Recall, in one session when it is named", Requirement.Read)
        {
            Body = typeof(SessionRecallRequest), Answer = typeof(SearchResponse), Problems = [413, 415],
        });
        routes.Map("POST", "/memory/distill", DistilAsync, new Operation("distilInSession", "Older clients", "Distils a session's turns now", Requirement.Write)
        {
            Body = typeof(SessionDistilRequest), Answer = typeof(DistillationResponse), Problems = [404, 413, 415],
        });
        routes.Map("GET", "/health", probes.ReadyAsync, ProbeEndpoints.Probe("olderHealth", "The same as /health/ready"));
    }

    private async Task RecallAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.SessionRecallRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var errors = new FieldErrors();
        if (TextChecks.QueryFault(request.Query) is { } queryFault)
            errors.Add("query", queryFault);
        if (TextChecks.IdFault(request.SessionId) is { } idFault)
            errors.Add("session_id", idFault);
        if (request.K is < 1 or > KMax)
            errors.Add("k", $"must be a whole number from 1 to {KMax}");
        if (await http.RefuseAsync(errors))
            return;

        var query = new RecallQuery(
            http.GetRequestContext().Caller.Tenant, request.Query!, Math.Min(request.K ?? KDefault, options.ResultsMax),
            SessionId: request.SessionId, Kinds: ["turn"]);
        await Search.AnswerAsync(http, host.Recall, query, meters);
    }

    private async Task DistilAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.SessionDistilRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var errors = new FieldErrors();
        if (request.SessionId is null)
            errors.Add("session_id", "is required");
        else if (TextChecks.IdFault(request.SessionId) is { } fault)
            errors.Add("session_id", fault);
        if (errors.ToProblem() is { } problem)
            await http.AnswerAsync(problem);
        else
            await DistilEndpoint.AnswerAsync(http, host.Memories, new SessionKey(http.GetRequestContext().Caller.Tenant, request.SessionId!));
    }
}
