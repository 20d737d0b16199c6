using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
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
        routes.Map("POST", "/v1/relations", MemoryJsonContext.Default.RelationRequest, AddAsync, new Operation(
            "addRelation", Tag, "Makes a relation (201), or answers the same one without an end (200)", Requirement.Write)
        {
            Answer = typeof(RelationResponse), Status = StatusCodes.Status201Created, Tagged = true, Problems = [404, 413, 415],
            Also = [new OtherAnswer(StatusCodes.Status200OK, "The same relation was there, and has no end.")],
        });
        routes.Map("PATCH", Path, MemoryJsonContext.Default.RelationPatch, EditAsync, new Operation(
            "editRelation", Tag, "Ends a relation (valid_to), or corrects it", Requirement.Write)
        {
            Answer = typeof(RelationResponse), Tagged = true, Problems = [404, 412, 413, 415], Parameters = [Parameters.IfMatchVersion],
        });
        routes.Map("DELETE", Path, DeleteAsync,
            new Operation("deleteRelation", Tag, "Removes a relation in all its versions", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 412], Parameters = [Parameters.IfMatchVersion],
        });
    }

    private async Task AddAsync(HttpContext http, RelationRequest request)
    {
        var errors = new FieldErrors();
        var draft = GraphChecks.ToDraft(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var made = await graph.AddRelationAsync(GraphRequests.Tenant(http), draft, http.RequestAborted);
        var created = made.IsSuccess && made.Value.Created;
        await http.AnswerTaggedAsync(
            made, static each => each.Relation.Version, static each =>
            each.Relation.ToResponse(), MemoryJsonContext.Default.RelationResponse,
            created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task EditAsync(HttpContext http, RelationPatch patch)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        var condition = Precondition.Read(http.Request.Headers, errors);
        var edit = GraphChecks.ToEdit(patch, errors);
        if (await http.RefuseAsync(errors))
            return;

        var edited = await graph.EditRelationAsync(GraphRequests.Tenant(http), id, edit, condition.Version, http.RequestAborted);
        await http.AnswerTaggedAsync(
            edited, static each => each.Version, static each => each.ToResponse(), MemoryJsonContext.Default.RelationResponse);
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
