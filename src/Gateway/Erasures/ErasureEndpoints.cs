using MemoryOrleans.Contracts;
using MemoryOrleans.Erasures;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Erasures;

/// <summary>Erasing by memory, turn, session or user, the receipts, and the audit trail.</summary>
internal sealed class ErasureEndpoints(IErasureOperations erasures)
{
    private const string Tag = "Erasure";
    private const string Path = "/v1/admin/erasures";
    private const int LimitDefault = 50;

    // A longer erasure continues after the answer; the caller asks for its receipt later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", Path, MemoryJsonContext.Default.EraseRequest, EraseAsync, new Operation(
            "erase", Tag, "Erases a memory, a turn, a session or all of a user, for good; 202 while it goes on", Requirement.Admin)
        {
            Answer = typeof(ErasureResponse), Status = StatusCodes.Status201Created, Problems = [404, 413, 415], AuditsItself = true,
            Also = [new OtherAnswer(StatusCodes.Status202Accepted, "It goes on; ask for its receipt later.")],
        });
        routes.Map("GET", Path, ListAsync, new Operation("listErasures", Tag, "Erasures, newest first", Requirement.Admin)
        {
            Answer = typeof(ErasurePage), Parameters = [Parameters.Limit, Parameters.Cursor],
        });
        routes.Map("GET", Path + "/{id}", GetAsync,
            new Operation("getErasure", Tag, "One erasure, and its receipt once it is done", Requirement.Admin)
        {
            Answer = typeof(ErasureResponse), Problems = [404],
        });
        routes.Map("GET", "/v1/admin/audit", ListAuditAsync,
            new Operation("listAudit", Tag, "Who did what, when, to what; newest first", Requirement.Admin)
        {
            Answer = typeof(AuditPage), Parameters = [Parameters.Limit, Parameters.Cursor],
        });
    }

    private async Task EraseAsync(HttpContext http, EraseRequest request)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var target = ReadTarget(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var caller = http.GetRequestContext().Caller;
        var erased = await erasures.EraseAsync(caller.Tenant, target, ifMatchVersion: null, caller.Id, Patience, http.RequestAborted);
        await AnswerAsync(http, erased.IsSuccess && !erased.Value.IsDone ? StatusCodes.Status202Accepted : StatusCodes.Status201Created,
            erased);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await ReadPageAsync(http) is not var (limit, cursor))
            return;
        var page = await erasures.ListAsync(http.GetRequestContext().Caller.Tenant, cursor, limit, http.RequestAborted);
        await http.AnswerAsync(page, static each => new ErasurePage([.. each.Items.Select(ToResponse)], each.NextCursor),
            MemoryJsonContext.Default.ErasurePage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var id = (string?)http.Request.RouteValues["id"] ?? string.Empty;
        if (TextRules.IdFault(id) is { } fault)
            errors.Add("id", fault);
        if (!await http.RefuseAsync(errors))
            await AnswerAsync(http, StatusCodes.Status200OK,
                await erasures.GetAsync(http.GetRequestContext().Caller.Tenant, id, http.RequestAborted));
    }

    private async Task ListAuditAsync(HttpContext http)
    {
        if (await ReadPageAsync(http) is not var (limit, cursor))
            return;
        var page = await erasures.ListAuditAsync(http.GetRequestContext().Caller.Tenant, cursor, limit, http.RequestAborted);
        await http.AnswerAsync(
            page,
            static each => new AuditPage(
                [.. each.Items.Select(static entry => new AuditEntryResponse(
                    entry.At, entry.Caller, entry.Action, entry.Subject, entry.RequestId, entry.Outcome))],
                each.NextCursor),
            MemoryJsonContext.Default.AuditPage);
    }

    // Null when the problem has been answered.
    private static async Task<(int Limit, string? Cursor)?> ReadPageAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        var cursor = query.Text("cursor");
        return await http.RefuseAsync(errors) ? null : (limit, cursor);
    }

    private static ErasureTarget ReadTarget(EraseRequest request, FieldErrors errors)
    {
        (string Field, ErasureKind Kind, string? Id)[] named =
        [
            ("memory_id", ErasureKind.Memory, request.MemoryId), ("session_id", ErasureKind.Session, request.SessionId),
            ("user_id", ErasureKind.User, request.UserId),
            ("turn.session_id", ErasureKind.Turn, request.Turn is { } turn ? turn.SessionId ?? string.Empty : null),
        ];
        var given = Array.FindAll(named, static each => each.Id is not null);
        if (given.Length != 1)
            errors.Add(given.Length == 0 ? "user_id" : given[^1].Field,
                "exactly one of memory_id, turn, session_id and user_id must be given");
        if (request.Turn is not null && TextRules.IdFault(request.Turn.TurnId ?? string.Empty) is { } turnFault)
            errors.Add("turn.turn_id", turnFault);
        foreach (var (field, _, id) in given)
        {
            if (TextRules.IdFault(id) is { } fault)
                errors.Add(field, fault);
        }

        return given.Length == 0 ? default : new ErasureTarget(given[0].Kind, given[0].Id!, request.Turn?.TurnId);
    }

    private static Task AnswerAsync(HttpContext http, int status, Outcome<Erasure> erasure) =>
        http.AnswerAsync(erasure, ToResponse, MemoryJsonContext.Default.ErasureResponse, status);

    private static ErasureResponse ToResponse(Erasure erasure)
    {
        var (target, counts) = (erasure.Target, erasure.Counts);
        string? IdOf(ErasureKind kind) => target.Kind == kind ? target.Id : null;
        return new ErasureResponse(
            erasure.Id, erasure.IsDone ? "done" : "running", IdOf(ErasureKind.Memory), IdOf(ErasureKind.Session), IdOf(ErasureKind.User),
            target.TurnId is null ? null : new ErasedTurn { SessionId = target.Id, TurnId = target.TurnId }, erasure.Requester,
            erasure.RequestedAt, erasure.CompletedAt,
            new ErasureCountsResponse(
                counts.Turns, counts.Vectors, counts.IdempotencyRecords, counts.DueWork, counts.Memories, counts.Versions, counts.Redacted,
                counts.Observations, counts.Entities, counts.Relations),
            erasure.Digest);
    }
}
