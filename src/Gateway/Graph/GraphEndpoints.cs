using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Graph;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Graph;

/// <summary>The graph as a whole: paths through it, and how much there is.</summary>
internal sealed class GraphEndpoints(IGraphOperations graph)
{
    private const string Tag = "Graph";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/graph/path", FindPathAsync,
            new Operation("findPath", Tag, "A shortest path between two entities, along relations either way", Requirement.Read)
        {
            Answer = typeof(GraphPathResponse), Problems = [404],
            Parameters =
            [
                new Parameter("from", Place.Query, "Id of the entity to start from.", Required: true),
                new Parameter("to", Place.Query, "Id of the entity to arrive at.", Required: true),
                new Parameter("max_hops", Place.Query, "Most steps; default 4.", Min: 1, Max: GraphLimits.HopsMax),
                GraphRequests.AsOfValid, GraphRequests.AsOfKnown,
            ],
        });
        routes.Map("GET", "/v1/graph/overview", GetOverviewAsync,
            new Operation("getGraphOverview", Tag, "Counts, types and the most connected entities", Requirement.Read)
        {
            Answer = typeof(GraphOverviewResponse),
        });
    }

    private async Task FindPathAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        var query = new QueryReader(http, errors);
        var (from, to) = (GraphRequests.ReadRequiredId(query, "from", errors), GraphRequests.ReadRequiredId(query, "to", errors));
        var hopsMax = query.Integer("max_hops", 1, GraphLimits.HopsMax) ?? GraphLimits.HopsDefault;
        var asOf = GraphRequests.ReadAsOf(query, errors);
        if (await http.RefuseAsync(errors))
            return;

        var path = await graph.FindPathAsync(GraphRequests.Tenant(http), from, to, hopsMax, asOf, http.RequestAborted);
        await http.AnswerAsync(path, static each => each.ToResponse(), MemoryJsonContext.Default.GraphPathResponse);
    }

    private async Task GetOverviewAsync(HttpContext http)
    {
        var errors = new FieldErrors();
        _ = new QueryReader(http, errors);
        if (await http.RefuseAsync(errors))
            return;

        var overview = await graph.GetOverviewAsync(GraphRequests.Tenant(http), http.RequestAborted);
        await http.AnswerAsync(overview, static each => each.ToResponse(), MemoryJsonContext.Default.GraphOverviewResponse);
    }
}
