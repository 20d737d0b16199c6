using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Recall;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Compatibility;

/// <summary>
/// The first older client: <c>POST /v1/messages</c> and <c>GET /v1/memory/search</c>, which name the tenant themselves.
/// Answers carry every name that client's servers used for the same thing. Its <c>GET /v1/admin/health</c> and
/// <c>GET /metrics</c> are the API's own.
/// </summary>
internal sealed class MessageEndpoints(IMemoryHost host, GatewayOptions options, GatewayMeters meters)
{
    private const string Tag = "Older clients";
    private const int TopKDefault = 10;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/v1/messages", MemoryJsonContext.Default.MessageRequest, AppendAsync, new Operation(
            "postMessage", Tag, "Appends a turn to a conversation", Requirement.Write)
        {
            Answer = typeof(MessageResponse), Problems = [409, 413, 415],
        });
        routes.Map("GET", "/v1/memory/search", SearchAsync, new Operation("searchMemory", Tag, "Recall across the tenant", Requirement.Read)
        {
            Answer = typeof(SearchResponse), Takes = LimitKind.Recalls,
            Parameters =
            [
                new Parameter("tenant_id", Place.Query, "Must be the API key's tenant."),
                new Parameter("query", Place.Query, "1 to 4,000 characters.", Required: true),
                new Parameter("top_k", Place.Query, "Most results; default 10.", Min: 1, Max: 100),
            ],
            Lenient = true,
        });
    }

    private async Task AppendAsync(HttpContext http, MessageRequest message)
    {
        var errors = new FieldErrors();
        var tenant = TenantOf(http, message.TenantId, errors);
        if (message.ConversationId is null)
            errors.Add("conversation_id", "is required");
        else if (TextRules.IdFault(message.ConversationId) is { } fault)
            errors.Add("conversation_id", fault);
        var turn = new AppendTurnRequest { Role = message.Role, Content = message.Content };
        var drafts = TurnChecks.ToDrafts(turn, errors);
        if ((errors.ToProblem() ?? MismatchOf(tenant)) is { } problem)
        {
            await http.AnswerAsync(problem);
            return;
        }

        if (await http.RefuseBeyondLimitAsync(LimitKind.Turns, drafts.Count))
            return;
        var key = new SessionKey(tenant!, message.ConversationId!);
        var appended = await host.Sessions.AppendAsync(new AppendCommand(key, null, null, drafts), http.RequestAborted);
        if (await http.RefuseAsync(appended.Error))
            return;

        meters.Appended(key.Tenant, appended.Value.Turns.Count);
        var stored = appended.Value.Turns[0];
        var answer = new MessageResponse("ok", stored.Id, stored.Id, key.Tenant, key.Id, stored.Seq, stored.RecordedAt);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.MessageResponse);
    }

    private async Task SearchAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var parameters = new QueryReader(http, errors);
        var tenant = TenantOf(http, parameters.Text("tenant_id"), errors);
        var words = parameters.Text("query");
        if (TextRules.QueryFault(words) is { } fault)
            errors.Add("query", fault);
        RecallChecks.RequireUser(options, http.GetRequestContext().Caller, null, errors);
        var limit = parameters.Integer("top_k", 1, 100) ?? TopKDefault;
        var query = new RecallQuery(
            tenant ?? string.Empty, words ?? string.Empty, Math.Min(limit, options.ResultsMax), Kinds: ["turn"]);
        if ((errors.ToProblem() ?? MismatchOf(tenant)) is { } problem)
            await http.AnswerAsync(problem);
        else
            await Search.AnswerAsync(http, host.Recall, query, options, meters);
    }

    /// <summary>The tenant a call names, if the caller may; null when it is another's. A keyless caller may name any.</summary>
    private static string? TenantOf(HttpContext http, string? named, FieldErrors errors)
    {
        var caller = http.GetRequestContext().Caller;
        if (string.IsNullOrEmpty(named))
            return caller.Tenant;
        if (!Identifiers.IsValidTenant(named))
            errors.Add("tenant_id", "must be 1 to 128 letters, digits, '.', '_', '@' or '-', a letter or digit first");
        if (named == caller.Tenant)
            return named;
        if (!caller.Anonymous)
            return null;
        http.GetRequestContext().Caller = caller with { Tenant = named };
        return named;
    }

    private static Problem? MismatchOf(string? tenant) => tenant is null ? ProblemMap.TenantMismatch() : null;
}
