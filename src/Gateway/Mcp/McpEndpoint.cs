using System.Text.Json;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.InProcess;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Problems;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace MemoryOrleans.Gateway.Mcp;

/// <summary>
/// <c>/mcp</c>: the Model Context Protocol by streamable HTTP, without sessions of its own, so that any process of a cluster answers any
/// request. A tool's calls go through the gateway's own pipeline with the caller's credentials.
/// </summary>
internal static class McpEndpoint
{
    public static void Add(IServiceCollection services, GatewayOptions options) =>
        services.AddMcpServer().WithHttpTransport(http =>
        {
            http.SessionMode = HttpServerSessionMode.Stateless;
            http.ConfigureSessionOptions = (context, server, _) =>
            {
                MemoryMcp.Configure(server, InProcessMemory.ClientFor(context), ScopeOf(context.Request.Headers, options.Mcp));
                return Task.CompletedTask;
            };
        });

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMcp("/mcp").WithMetadata(new Operation("mcp", "MCP", "The Model Context Protocol", Requirement.Read) { IsListed = false,
        Reach = Reach.Calls })
            .Finally(static endpoint => endpoint.RequestDelegate = Reading(endpoint.RequestDelegate!));

    // The library fails on texts that are no Unicode and on members named twice, and lets the exception through when a call's params are
    // no object at all.
    private static RequestDelegate Reading(RequestDelegate answer) => async http =>
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var body = await JsonBody.ReadBytesAsync(http);
            if (body.Problem is { } problem)
            {
                await http.AnswerAsync(problem);
                return;
            }

            http.Request.Body = new MemoryStream(body.Value!, writable: false);
        }

        try
        {
            await answer(http);
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            await http.AnswerAsync(ProblemMap.InvalidInput("params", "are not what the method takes"));
        }
    };

    // A setting is the operator's word and comes first; a header says what no setting does.
    private static ToolScope ScopeOf(IHeaderDictionary headers, ToolScope set) => new(
        set.UserId ?? Text(headers, "X-Memory-User"),
        set.AgentId ?? Text(headers, "X-Memory-Agent"),
        set.SessionId ?? Text(headers, "X-Memory-Session"));

    private static string? Text(IHeaderDictionary headers, string name) =>
        headers[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
