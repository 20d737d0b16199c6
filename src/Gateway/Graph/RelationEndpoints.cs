using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Graph;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>Links between entities: made, ended or corrected, removed.</summary>
internal sealed class RelationEndpoints(IGraphOperations graph)
{
    private const string Tag = "Graph";
    private const string Path = "/v1/relations/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/v1/relations", AddAsync, new Operation("addRelation", Tag, "Makes a relation (201), or answers the same one without an end (200)", Requirement.Write)
        {
            Body = typeof(RelationRequest), Answer = typeof(RelationResponse), Status = StatusCodes.Status201Created, Tagged = true, Problems = [404, 413, 415],
        });
        routes.Map("PATCH", Path, EditAsync, new Operation("editRelation", Tag, "Ends a relation (valid_to), or corrects it", Requirement.Write)
        {
            Body = typeof(RelationPatch), Answer = typeof(RelationResponse), Tagged = true, Problems = [404, 412, 413, 415], Parameters = [Parameters.IfMatchVersion],
        });
        routes.Map("DELETE", Path, DeleteAsync, new Operation("deleteRelation", Tag, "Removes a relation in all its versions", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 412], Parameters = [Parameters.IfMatchVersion],
        });
    }

    private async Task AddAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.RelationRequest);
        if (body.Value is not { } request)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var errors = new FieldErrors();
        var draft = GraphChecks.ToDraft(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var made = await graph.AddRelationAsync(GraphRequests.Tenant(http), draft, http.RequestAborted);
        var (version, created) = made.IsSuccess ? (made.Value.Relation.Version, made.Value.Created) : (0, false);
        await http.AnswerTaggedAsync(
            made, version, static each => each.Relation.ToResponse(), MemoryJsonContext.Default.RelationResponse,
            created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task EditAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        var body = await JsonBody.ReadAsync(http, MemoryJsonContext.Default.RelationPatch);
        if (body.Value is not { } patch)
        {
            await http.AnswerAsync(body.Problem!);
            return;
        }

        var edit = GraphChecks.ToEdit(patch, errors);
        if (await http.RefuseAsync(errors))
            return;

        var edited = await graph.EditRelationAsync(GraphRequests.Tenant(http), id, edit, condition.Version, http.RequestAborted);
        await http.AnswerTaggedAsync(
            edited, edited.IsSuccess ? edited.Value.Version : 0, static each => each.ToResponse(), MemoryJsonContext.Default.RelationResponse);
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        _ = new QueryReader(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        if (await http.RefuseAsync(errors))
            return;

        var deleted = await graph.DeleteRelationAsync(GraphRequests.Tenant(http), id, condition.Version, http.RequestAborted);
        await http.AnswerEmptyAsync(deleted);
    }
}
