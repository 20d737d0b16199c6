using System.Reflection;
using MemoryOrleans.Contracts;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MemoryOrleans.Gateway.Operations;

/// <summary>What operators ask.</summary>
internal sealed class AdminEndpoints(IHostOperations operations, GatewayOptions options, TimeProvider time)
{
    private const string Tag = "Operations";

    private static readonly string Version =
        typeof(AdminEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v1/admin/health", HealthAsync,
            new Operation("health", Tag, "Every part of the service, checked just now", Requirement.Admin)
        {
            Answer = typeof(HealthResponse),
        });
        routes.Map("GET", "/v1/admin/summary", SummarizeAsync,
            new Operation("summary", Tag, "How much the caller's tenant holds", Requirement.Admin)
        {
            Answer = typeof(SummaryResponse),
        });
    }

    private async Task HealthAsync(HttpContext http)
    {
        var parts = await operations.CheckHealthAsync(http.RequestAborted);
        var health = new HealthResponse(
            parts.All(p => p.Healthy) ? "ok" : "degraded",
            Version,
            options.Environment,
            time.GetUtcNow(),
            parts.Select(p => new ComponentHealthResponse(p.Name, p.Healthy, Math.Round(p.Latency.TotalMilliseconds, 3), p.Detail))
            .ToArray());
        await http.AnswerAsync(StatusCodes.Status200OK, health, MemoryJsonContext.Default.HealthResponse);
    }

    private async Task SummarizeAsync(HttpContext http)
    {
        var summary = await operations.SummarizeAsync(http.GetRequestContext().Caller.Tenant, http.RequestAborted);
        var answer = new SummaryResponse(summary.Tenant, summary.Sessions, summary.Turns, summary.Users, summary.LastRecordedAt);
        await http.AnswerAsync(StatusCodes.Status200OK, answer, MemoryJsonContext.Default.SummaryResponse);
    }
}
