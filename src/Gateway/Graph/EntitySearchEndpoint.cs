using System.Diagnostics;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Graph;
using MemoryOrleans.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>A query to entities, ranked like recall.</summary>
internal sealed class EntitySearchEndpoint(IEntitySearch entities, GatewayOptions options)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("POST", "/v1/entities/search", MemoryJsonContext.Default.EntitySearchRequest, SearchAsync, new Operation(
            "searchEntities", "Graph", "Entities for a query, best first", Requirement.Read)
        {
            Answer = typeof(EntitySearchResponse), Problems = [413, 415], Takes = LimitKind.Recalls,
        });

    private async Task SearchAsync(HttpContext http, EntitySearchRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        var errors = new FieldErrors();
        var query = GraphChecks.ToQuery(GraphRequests.Tenant(http), request, options.ResultsMax, errors);
        if (await http.RefuseAsync(errors))
            return;

        var found = await entities.SearchAsync(query, http.RequestAborted);
        var took = Stopwatch.GetElapsedTime(started);
        await http.AnswerAsync(found, each => each.ToResponse(took), MemoryJsonContext.Default.EntitySearchResponse);
    }
}
