using MemoryOrleans.Contracts;
using MemoryOrleans.Erasures;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Sessions;

/// <summary>Sessions as such: list, read, close, delete.</summary>
internal sealed class SessionEndpoints(ISessionOperations sessions, IErasureOperations erasures)
{
    private const string Tag = "Sessions";
    private const string Path = "/v1/sessions/{id}";
    private const int LimitDefault = 50;

    private static readonly string[] Statuses = ["open", "closed"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/sessions", ListAsync,
            new Operation("listSessions", Tag, "Sessions, most recently created first", Requirement.Read)
        {
            Answer = typeof(SessionPage),
            Parameters =
            [
                Parameters.UserId, Parameters.AgentId,
                new Parameter("status", Place.Query, "Only open, or only closed ones.", Words: Statuses),
                Parameters.Limit, Parameters.Cursor,
            ],
            Reach = Reach.Query,
        });
        routes.Map("GET", Path, GetAsync, new Operation("getSession", Tag, "One session", Requirement.Read)
        {
            Answer = typeof(SessionResponse), Tagged = true, Problems = [404], Parameters = [Parameters.IfNoneMatch], Reach = Reach.Session,
        });
        routes.Map("POST", Path + "/close", CloseAsync,
            new Operation("closeSession", Tag, "Closes a session; a later append reopens it", Requirement.Write)
        {
            Answer = typeof(SessionResponse), Tagged = true, Problems = [404, 412], Parameters = [Parameters.IfMatch],
                Reach = Reach.Session,
        });
        routes.Map("DELETE", Path, DeleteAsync,
            new Operation("deleteSession", Tag, "Erases a session, and what was derived from it", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 412], Parameters = [Parameters.IfMatch], Reach = Reach.Session,
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        var status = query.Text("status");
        if (status is not (null or "open" or "closed"))
            errors.Add("status", "must be open or closed");
        var filter = new SessionFilter(query.Id("user_id"), query.Id("agent_id"), status switch
        {
            "open" => SessionStatus.Open,
            "closed" => SessionStatus.Closed,
            _ => null,
        });
        if (await http.RefuseAsync(errors))
            return;

        var page = await sessions.ListAsync(
            http.GetRequestContext().Caller.Tenant, filter, query.Text("cursor"), limit, http.RequestAborted);
        await http.AnswerAsync(page, static each => each.ToResponse(), MemoryJsonContext.Default.SessionPage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var session = await sessions.GetAsync(key, http.RequestAborted);
        if (session.IsSuccess && EntityTag.IsNamedBy(http.Request.Headers.IfNoneMatch, session.Value.Version))
        {
            http.Response.Headers.ETag = EntityTag.Of(session.Value.Version);
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await AnswerAsync(http, session);
    }

    private async Task CloseAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        if (!await http.RefuseAsync(errors))
            await AnswerAsync(http, await sessions.CloseAsync(key, condition.Version, http.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var key = SessionRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        if (await http.RefuseAsync(errors))
            return;

        var caller = http.GetRequestContext().Caller;
        var erased = await erasures.EraseAsync(
            caller.Tenant, new ErasureTarget(ErasureKind.Session, key.Id), condition.Version, caller.Id, TimeSpan.MaxValue,
            http.RequestAborted);
        await http.AnswerEmptyAsync(erased);
    }

    private static Task AnswerAsync(HttpContext http, Outcome<Session> session) =>
        http.AnswerTaggedAsync(session, static each => each.Version, static each => each.ToResponse(),
        MemoryJsonContext.Default.SessionResponse);
}
