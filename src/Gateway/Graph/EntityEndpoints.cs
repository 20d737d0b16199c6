using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Graph;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>Entities: made by name, listed, read with what is known of them, changed, deleted.</summary>
internal sealed class EntityEndpoints(IGraphOperations graph)
{
    private const string Tag = "Graph";
    private const string Path = "/v1/entities/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/v1/entities", MemoryJsonContext.Default.EntityRequest, UpsertAsync, new Operation(
            "upsertEntity", Tag, "Makes an entity (201), or merges into the one of that name (200)", Requirement.Write)
        {
            Answer = typeof(EntityResponse), Status = StatusCodes.Status201Created, Tagged = true, Problems = [413, 415],
            Also = [new OtherAnswer(StatusCodes.Status200OK, "The entity of that name was there; type and metadata are merged into it.")],
        });
        routes.Map("GET", "/v1/entities", ListAsync,
            new Operation("listEntities", Tag, "Entities, most recently created first", Requirement.Read)
        {
            Answer = typeof(EntityPage),
            Parameters =
            [
                new Parameter("type", Place.Query, "Only entities of this type."), Parameters.UserId, Parameters.AgentId, Parameters.Limit,
                Parameters.Cursor,
            ],
        });
        routes.Map("GET", Path, GetAsync, new Operation("getEntity", Tag, "An entity with its observations and relations", Requirement.Read)
        {
            Answer = typeof(EntityViewResponse), Tagged = true, Problems = [404],
                Parameters = [GraphRequests.AsOfValid, GraphRequests.AsOfKnown],
        });
        routes.Map("PATCH", Path, MemoryJsonContext.Default.EntityPatch, EditAsync, new Operation(
            "editEntity", Tag, "Changes name, type or metadata", Requirement.Write)
        {
            Answer = typeof(EntityResponse), Tagged = true, Problems = [404, 409, 412, 413, 415], Parameters = [Parameters.IfMatchVersion],
        });
        routes.Map("DELETE", Path, DeleteAsync,
            new Operation("deleteEntity", Tag, "Deletes an entity with its observations and relations", Requirement.Write)
        {
            Answer = typeof(EntityReceiptResponse), Problems = [404, 412], Parameters = [Parameters.IfMatchVersion],
        });
    }

    private async Task UpsertAsync(HttpContext http, EntityRequest request)
    {
        var errors = new FieldErrors();
        var draft = GraphChecks.ToDraft(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var made = await graph.UpsertEntityAsync(GraphRequests.Tenant(http), draft, http.RequestAborted);
        await http.AnswerTaggedAsync(
            made, static each => each.Entity.Version, static each => each.Entity.ToResponse(), MemoryJsonContext.Default.EntityResponse,
            made.IsSuccess ? StatusOf(made.Value.Created) : 0);
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var filter = new EntityFilter(query.Text("type"), query.Id("user_id"), query.Id("agent_id"));
        if (TextRules.TypeFault(filter.Type, required: false) is { } fault)
            errors.Add("type", fault);
        var limit = query.Integer("limit", 1, 100) ?? GraphRequests.LimitDefault;
        if (await http.RefuseAsync(errors))
            return;

        var page = await graph.ListEntitiesAsync(GraphRequests.Tenant(http), filter, query.Text("cursor"), limit, http.RequestAborted);
        await http.AnswerAsync(page, static each => each.ToResponse(), MemoryJsonContext.Default.EntityPage);
    }

    private async Task GetAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        var asOf = GraphRequests.ReadAsOf(new QueryReader(http, errors), errors);
        if (await http.RefuseAsync(errors))
            return;

        var view = await graph.GetEntityAsync(GraphRequests.Tenant(http), id, asOf, http.RequestAborted);
        await http.AnswerTaggedAsync(
            view, static each => each.Entity.Version, static each => each.ToResponse(), MemoryJsonContext.Default.EntityViewResponse);
    }

    private async Task EditAsync(HttpContext http, EntityPatch patch)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        var edit = GraphChecks.ToEdit(patch, errors);
        if (await http.RefuseAsync(errors))
            return;

        var edited = await graph.EditEntityAsync(GraphRequests.Tenant(http), id, edit, condition.Version, http.RequestAborted);
        await http.AnswerTaggedAsync(
            edited, static each => each.Version, static each => each.ToResponse(), MemoryJsonContext.Default.EntityResponse);
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        _ = new QueryReader(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        if (await http.RefuseAsync(errors))
            return;

        var receipt = await graph.DeleteEntityAsync(GraphRequests.Tenant(http), id, condition.Version, http.RequestAborted);
        await http.AnswerAsync(receipt, static each => each.ToResponse(), MemoryJsonContext.Default.EntityReceiptResponse);
    }

    private static int StatusOf(bool created) => created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
}
