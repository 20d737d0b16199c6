using MemoryOrleans.Contracts;
using MemoryOrleans.Erasures;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Memories;

/// <summary>Changing memories: edit, erase, undo, cite.</summary>
internal sealed class MemoryChangeEndpoints(IMemoryOperations memories, IErasureOperations erasures, GatewayOptions options)
{
    private const string Path = MemoryEndpoints.Path + "/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("PATCH", Path, MemoryJsonContext.Default.EditMemoryRequest, EditAsync, new Operation(
            "editMemory", MemoryEndpoints.Tag, "Changes a memory: its next version", Requirement.Write)
        {
            Answer = typeof(MemoryResponse), Tagged = true, Problems = [404, 412, 413, 415], Parameters = [Parameters.IfMatchVersion],
                Reach = Reach.Memory,
        });
        routes.Map("DELETE", Path, EraseAsync,
            new Operation("deleteMemory", MemoryEndpoints.Tag, "Erases a memory in every version; it cannot be undone", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 412], Parameters = [Parameters.IfMatchVersion], Reach = Reach.Memory,
        });
        routes.Map("POST", Path + "/undo", UndoAsync,
            new Operation("undoMemory", MemoryEndpoints.Tag, "Takes back the operation that made the current version", Requirement.Write)
        {
            Answer = typeof(UndoResponse), Problems = [404, 412], Parameters = [Parameters.IfMatchVersion],
        });
        routes.Map("POST", Path + "/citations", CiteAsync,
            new Operation("citeMemory", MemoryEndpoints.Tag, "Takes note of a citation, which raises the salience", Requirement.Write)
        {
            Answer = typeof(CitationResponse), Problems = [404], Reach = Reach.Memory,
        });
    }

    private async Task EditAsync(HttpContext http, EditMemoryRequest request)
    {
        var errors = new FieldErrors();
        var (id, condition) = ReadTarget(http, errors);
        var patch = MemoryChecks.ToPatch(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var edited = await memories.EditAsync(MemoryRoute.TenantOf(http), id, patch, condition.Version, http.RequestAborted);
        await MemoryRoute.AnswerAsync(http, StatusCodes.Status200OK, edited);
    }

    private async Task EraseAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var (id, condition) = ReadTarget(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var caller = http.GetRequestContext().Caller;
        var erased = await erasures.EraseAsync(
            caller.Tenant, new ErasureTarget(ErasureKind.Memory, id), condition.Version, caller.Id, TimeSpan.MaxValue, http.RequestAborted);
        await http.AnswerEmptyAsync(erased);
    }

    private async Task UndoAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var (id, condition) = ReadTarget(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var undone = await memories.UndoAsync(MemoryRoute.TenantOf(http), id, condition.Version, http.RequestAborted);
        await http.AnswerAsync(undone, each => new UndoResponse(each.Operation, each.Changed.ToResponse(options.Limits)),
            MemoryJsonContext.Default.UndoResponse);
    }

    private async Task CiteAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = MemoryRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var cited = await memories.CiteAsync(MemoryRoute.TenantOf(http), id, http.RequestAborted);
        await http.AnswerAsync(cited, each => new CitationResponse(id, each.Value, each.At), MemoryJsonContext.Default.CitationResponse);
    }

    private static (string Id, Precondition Condition) ReadTarget(HttpContext http, FieldErrors errors)
    {
        var id = MemoryRoute.Read(http, errors);
        _ = new QueryReader(http, errors);
        return (id, Precondition.Read(http.Request.Headers, errors));
    }
}
