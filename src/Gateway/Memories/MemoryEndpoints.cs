using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>Writing and reading memories.</summary>
internal sealed class MemoryEndpoints(IMemoryOperations memories, GatewayOptions options)
{
    internal const string Tag = "Memories";
    internal const string Path = "/v1/memories";
    private const int LimitDefault = 50;

    private static readonly string[] Tiers = ["episodic", "semantic"];
    private static readonly string[] Statuses = ["active", "candidate", "archived", "superseded"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", Path, MemoryJsonContext.Default.WriteMemoryRequest, WriteAsync, new Operation(
            "writeMemory", Tag, "Writes a record of an agent's own", Requirement.Write)
        {
            Answer = typeof(MemoryResponse), Status = StatusCodes.Status201Created, Tagged = true, Problems = [413, 415],
                Reach = Reach.Body, Takes = LimitKind.Memories,
        });
        routes.Map("GET", Path, ListAsync, new Operation("listMemories", Tag, "Memories, the most recently made first", Requirement.Read)
        {
            Answer = typeof(MemoryPage),
            Parameters =
            [
                new Parameter("kind", Place.Query, "Only of this kind."),
                new Parameter("tier", Place.Query, "Only of this tier.", Words: Tiers),
                new Parameter("status", Place.Query, "Only in this state; default active.", Words: Statuses),
                Parameters.UserId, Parameters.AgentId, new Parameter("session_id", Place.Query, "Only this session's."),
                new Parameter("metadata", Place.Query,
                "A JSON object: only those whose metadata is so, as filter.metadata of a recall; a page may be short."), Parameters.Limit,
                Parameters.Cursor,
            ],
            Reach = Reach.Query,
        });
        routes.Map("GET", Path + "/{id}", GetAsync, new Operation("getMemory", Tag, "One memory as it is now", Requirement.Read)
        {
            Answer = typeof(MemoryResponse), Tagged = true, Problems = [404], Parameters = [Parameters.IfNoneMatch], Reach = Reach.Memory,
        });
        routes.Map("GET", Path + "/{id}/history", ReadHistoryAsync,
            new Operation("getMemoryHistory", Tag, "Every version of a memory, oldest first", Requirement.Read)
        {
            Answer = typeof(MemoryHistoryResponse), Problems = [404], Reach = Reach.Memory,
        });
    }

    private async Task WriteAsync(HttpContext http, WriteMemoryRequest request)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        var (draft, sources) = (MemoryChecks.ToDraft(request, errors), MemoryChecks.ToSources(request.Sources, errors));
        if (await http.RefuseAsync(errors) || await http.RefuseBeyondReachAsync(request.UserId, request.AgentId, request.SessionId))
            return;
        if (!await http.HasOwnSourcesAsync(sources))
        {
            await http.AnswerAsync(ProblemMap.From(TurnReference.NoneSuch));
            return;
        }

        var written = await memories.WriteAsync(MemoryRoute.TenantOf(http), draft, sources, http.RequestAborted);
        await MemoryRoute.AnswerAsync(http, StatusCodes.Status201Created, written);
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var limit = query.Integer("limit", 1, 100) ?? LimitDefault;
        var filter = new MemoryFilter(
            query.Id("kind"), MemoryChecks.TierOf(query.Text("tier"), errors), StatusOf(query.Text("status"), errors),
            query.Id("user_id"), query.Id("agent_id"), query.Id("session_id"))
        {
            Metadata = MetadataMasks.Read(query, "metadata", errors),
        };
        if (await http.RefuseAsync(errors))
            return;

        var page = await memories.ListAsync(MemoryRoute.TenantOf(http), filter, query.Text("cursor"), limit, http.RequestAborted);
        await http.AnswerAsync(page, each => new MemoryPage(each.Items.ToResponse(options.Limits), each.NextCursor),
            MemoryJsonContext.Default.MemoryPage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = MemoryRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var memory = await memories.GetAsync(MemoryRoute.TenantOf(http), id, http.RequestAborted);
        if (memory.IsSuccess && EntityTag.IsNamedBy(http.Request.Headers.IfNoneMatch, memory.Value.Version))
        {
            http.Response.Headers.ETag = EntityTag.Of(memory.Value.Version);
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await MemoryRoute.AnswerAsync(http, StatusCodes.Status200OK, memory);
    }

    private async Task ReadHistoryAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = MemoryRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var history = await memories.ReadHistoryAsync(MemoryRoute.TenantOf(http), id, http.RequestAborted);
        await http.AnswerAsync(history, each => new MemoryHistoryResponse(each.ToResponse(options.Limits)),
            MemoryJsonContext.Default.MemoryHistoryResponse);
    }

    private static MemoryStatus StatusOf(string? status, FieldErrors errors)
    {
        switch (status)
        {
            case null or "active":
                return MemoryStatus.Active;
            case "candidate":
                return MemoryStatus.Candidate;
            case "archived":
                return MemoryStatus.Archived;
            case "superseded":
                return MemoryStatus.Superseded;
            default:
                errors.Add("status", "must be active, candidate, archived or superseded");
                return MemoryStatus.Active;
        }
    }
}
