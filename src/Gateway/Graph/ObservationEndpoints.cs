using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Graph;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>What is known of entities: added, superseded, removed.</summary>
internal sealed class ObservationEndpoints(IGraphOperations graph)
{
    private const string Tag = "Graph";
    private const string PlaceOfOne = "observations[0].";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", "/v1/observations", MemoryJsonContext.Default.ObservationsRequest, AddAsync, new Operation(
            "addObservations", Tag, "Adds one observation or up to 100, all or none; 200 when all were known already", Requirement.Write)
        {
            Answer = typeof(ObservationsResponse), Status = StatusCodes.Status201Created, Problems = [404, 413, 415],
            Also = [new OtherAnswer(StatusCodes.Status200OK, "All of them were known already; none is new.")],
        });
        routes.Map("DELETE", "/v1/observations/{id}", DeleteAsync,
            new Operation("deleteObservation", Tag, "Removes an observation with its text", Requirement.Write)
        {
            Status = StatusCodes.Status204NoContent, Problems = [404],
        });
    }

    private async Task AddAsync(HttpContext http, ObservationsRequest request)
    {
        var errors = new FieldErrors();
        var drafts = GraphChecks.ToDrafts(request, errors);
        if (await http.RefuseAsync(errors))
            return;

        var added = await graph.AddObservationsAsync(GraphRequests.Tenant(http), drafts, http.RequestAborted);
        if (await http.RefuseAsync(request.Observations is null ? AsOne(added.Error) : added.Error))
            return;

        var created = added.Value.Count(static each => each.Created);
        await http.AnswerAsync(
            created > 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            new ObservationsResponse(added.Value.Select(static each => each.Observation.ToResponse()).ToArray(), created),
            MemoryJsonContext.Default.ObservationsResponse);
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var id = GraphRequests.ReadId(http, errors);
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var deleted = await graph.DeleteObservationAsync(GraphRequests.Tenant(http), id, http.RequestAborted);
        await http.AnswerEmptyAsync(deleted);
    }

    // The core names fields of a list; a body that is one observation has them at its top.
    private static MemoryError? AsOne(MemoryError? error) =>
        error?.Field?.StartsWith(PlaceOfOne, StringComparison.Ordinal) == true
        ? error with { Field = error.Field[PlaceOfOne.Length..] } : error;
}
