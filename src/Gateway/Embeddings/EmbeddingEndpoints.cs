using System.Globalization;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Recall.Vectors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Embeddings;

/// <summary>
/// The spaces of neural vectors: how far they are, going over to another model, and removing what is left behind. They are the
/// installation's: beside other tenants only an operator changes them.
/// </summary>
internal sealed class EmbeddingEndpoints(IEmbeddingOperations embeddings, Keyring keys)
{
    private const string Tag = "Embeddings";
    private const string Path = "/v1/admin/embeddings";
    private const int ModelLengthMax = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", Path, ListAsync,
            new Operation("listEmbeddings", Tag, "The spaces of neural vectors, oldest first", Requirement.Admin)
        {
            Answer = typeof(EmbeddingSpaceList),
        });
        routes.Map("POST", Path, MemoryJsonContext.Default.StartEmbeddingRequest, StartAsync, new Operation(
            "startEmbedding", Tag, "Embeds everything with a model, beside the present one", Requirement.Admin)
        {
            Answer = typeof(EmbeddingSpaceResponse), Status = StatusCodes.Status202Accepted, Problems = [409, 413, 415],
        });
        routes.Map("POST", Path + "/{id}/activate", ActivateAsync,
            new Operation("activateEmbedding", Tag, "Lets recall ask a filling space at once", Requirement.Admin)
        {
            Answer = typeof(EmbeddingSpaceResponse), Problems = [404, 409],
        });
        routes.Map("DELETE", Path + "/{id}", DropAsync,
            new Operation("deleteEmbedding", Tag, "Removes a retired space with its vectors", Requirement.Admin)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404, 409],
        });
    }

    private async Task ListAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var spaces = await embeddings.ListAsync(TenantOf(http), http.RequestAborted);
        await http.AnswerAsync(
            StatusCodes.Status200OK, new EmbeddingSpaceList(spaces.Select(ToResponse).ToArray()),
            MemoryJsonContext.Default.EmbeddingSpaceList);
    }

    private async Task StartAsync(HttpContext http, StartEmbeddingRequest request)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (request.Model is null)
            errors.Add("model", "is required");
        else if (request.Model.Length is 0 or > ModelLengthMax || request.Model.Any(char.IsControl) || !TextRules.IsStorable(request.Model))
            errors.Add("model", "must be 1 to 200 characters without control characters");
        if (request.Dimensions is < 1 or > VectorSpace.DimensionsMax)
            errors.Add("dimensions",
                string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {VectorSpace.DimensionsMax}"));
        if (!await RefuseSharedAsync(http) && !await http.RefuseAsync(errors))
            await AnswerAsync(http, StatusCodes.Status202Accepted,
                await embeddings.StartAsync(TenantOf(http), request.Model!, request.Dimensions, http.RequestAborted));
    }

    private async Task ActivateAsync(HttpContext http)
    {
        if (!await RefuseSharedAsync(http) && await ReadIdAsync(http) is { } id)
            await AnswerAsync(http, StatusCodes.Status200OK, await embeddings.ActivateAsync(TenantOf(http), id, http.RequestAborted));
    }

    private async Task DropAsync(HttpContext http)
    {
        if (await RefuseSharedAsync(http) || await ReadIdAsync(http) is not { } id)
            return;
        var dropped = await embeddings.DropAsync(id, http.RequestAborted);
        await http.AnswerEmptyAsync(dropped);
    }

    /// <summary>True when it has been answered: what an administrator changes here would change for tenants of others.</summary>
    private async ValueTask<bool> RefuseSharedAsync(HttpContext http)
    {
        var caller = http.GetRequestContext().Caller;
        if (caller.Scopes.HasFlag(Scopes.Operator) || keys.IsOnlyTenant(caller.Tenant))
            return false;
        await http.AnswerAsync(ProblemMap.InsufficientScope(Scopes.Operator));
        return true;
    }

    // Null when the problem has been answered.
    private static async Task<int?> ReadIdAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (!int.TryParse((string?)http.Request.RouteValues["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            errors.Add("id", "must be the id of a space");
        return await http.RefuseAsync(errors) ? null : id;
    }

    private static Task AnswerAsync(HttpContext http, int status, Outcome<SpaceProgress> progress) =>
        http.AnswerAsync(progress, ToResponse, MemoryJsonContext.Default.EmbeddingSpaceResponse, status);

    private static string TenantOf(HttpContext http) => http.GetRequestContext().Caller.Tenant;

    private static EmbeddingSpaceResponse ToResponse(SpaceProgress progress) => new(
        progress.Space.Id, progress.Space.Model, progress.Space.Dimensions,
        progress.Space.State switch
        {
            VectorSpaceState.Filling => "filling",
            VectorSpaceState.Active => "active",
            _ => "retired",
        },
        progress.TurnsEmbedded, progress.Turns, progress.Memories.Embedded, progress.Memories.All, progress.Entities.Embedded,
        progress.Entities.All,
        progress.Ready, progress.Dead, progress.OldestDueAt, progress.Space.CreatedAt);
}
