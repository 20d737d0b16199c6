using System.Text.Json.Serialization.Metadata;
using MemoryOrleans.Contracts;
using MemoryOrleans.Erasures;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>Appending turns, and erasing one. The single append is the busiest call there is.</summary>
internal sealed class TurnEndpoints(ISessionOperations sessions, IErasureOperations erasures, GatewayMeters meters)
{
    private const string Tag = "Turns";
    private const string Path = "/v1/sessions/{id}/turns";

    private static readonly int[] AppendProblems = [409, 412, 413, 415, 422];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", Path, AppendOneAsync,
            new Operation("appendTurn", Tag, "Appends a turn; starts the session when there is none", Requirement.Write)
        {
            Body = typeof(AppendTurnRequest), Answer = typeof(TurnResponse), Status = StatusCodes.Status201Created, Tagged = true,
            Problems = AppendProblems, Parameters = [Parameters.IdempotencyKey, Parameters.IfMatch], Reach = Reach.Session,
        });
        routes.Map("POST", Path + "/batch", AppendBatchAsync,
            new Operation("appendTurns", Tag, "Appends up to 1,000 turns, all or none", Requirement.Write)
        {
            Body = typeof(AppendTurnsRequest), Answer = typeof(TurnBatchResponse), Status = StatusCodes.Status201Created, Tagged = true,
            Problems = AppendProblems, Parameters = [Parameters.IdempotencyKey, Parameters.IfMatch], Reach = Reach.Session,
        });
        routes.Map("DELETE", Path + "/{turn_id}", EraseAsync,
            new Operation("deleteTurn", Tag, "Erases a turn, and what was derived from it; its seq stays", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 412], Parameters = [Parameters.IfMatch], Reach = Reach.Session,
        });
    }

    private async Task EraseAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        var turnId = (string?)http.Request.RouteValues["turn_id"] ?? string.Empty;
        if (TextRules.IdFault(turnId) is { } fault)
            errors.Add("turn_id", fault);
        var condition = Precondition.Read(http.Request.Headers, errors);
        if (await http.RefuseAsync(errors))
            return;

        var caller = http.GetRequestContext().Caller;
        var erased = await erasures.EraseAsync(
            caller.Tenant, new ErasureTarget(ErasureKind.Turn, key.Id, turnId), condition.Version, caller.Id, TimeSpan.MaxValue,
            http.RequestAborted);
        await http.AnswerEmptyAsync(erased);
    }

    private async Task AppendOneAsync(HttpContext http)
    {
        var append = AppendTarget.Read(http, scope: string.Empty);
        var body = await http.ReadBodyAsync(MemoryJsonContext.Default.AppendTurnRequest, append.NeedsDigest);
        if (body.Value is not { } request)
            return;

        var drafts = TurnChecks.ToDrafts(request, append.Errors);
        await AppendAsync(
            http, append, append.ToCommand(request.UserId, request.AgentId, request.TimeZone, drafts, body.Digest),
            static result => result.Turns[0].ToResponse() with { Redacted = result.Redacted.ToResponse() },
            MemoryJsonContext.Default.TurnResponse);
    }

    private async Task AppendBatchAsync(HttpContext http)
    {
        var append = AppendTarget.Read(http, scope: "/batch");
        var body = await http.ReadBodyAsync(MemoryJsonContext.Default.AppendTurnsRequest, append.NeedsDigest);
        if (body.Value is not { } request)
            return;

        var drafts = TurnChecks.ToDrafts(request, append.Errors);
        await AppendAsync(
            http, append, append.ToCommand(request.UserId, request.AgentId, request.TimeZone, drafts, body.Digest),
            static result => new TurnBatchResponse(result.Turns.ToResponse(), result.Redacted.ToResponse()),
            MemoryJsonContext.Default.TurnBatchResponse);
    }

    private async Task AppendAsync<T>(
        HttpContext http, AppendTarget target, AppendCommand command, Func<AppendResult, T> toAnswer, JsonTypeInfo<T> type)
    {
        if (await http.RefuseAsync(target.Errors) || await http.RefuseBeyondReachAsync(command.UserId, command.AgentId)
            || await http.RefuseBeyondLimitAsync(LimitKind.Turns, command.Turns.Count))
            return;

        if (target.MustExist && (await sessions.GetAsync(command.Session, http.RequestAborted)).Error is { } missing)
        {
            await http.AnswerAsync(missing.Code == ErrorCode.NotFound
                ? ProblemMap.PreconditionFailed("If-Match: * asks for a session that exists.")
                : ProblemMap.From(missing));
            return;
        }

        var outcome = await sessions.AppendAsync(command, http.RequestAborted);
        if (await http.RefuseAsync(outcome.Error))
            return;

        var result = outcome.Value;
        if (result.Replayed)
            http.Response.Headers[IdempotencyHeader.ReplayedName] = "true";
        else
            meters.Appended(command.Session.Tenant, result.Turns.Count);
        http.Response.Headers.ETag = EntityTag.Of(result.Version);
        await http.AnswerAsync(StatusCodes.Status201Created, toAnswer(result), type);
    }
}
