using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.Audit;
using MemoryOrleans.Gateway.Compatibility;
using MemoryOrleans.Gateway.Console;
using MemoryOrleans.Gateway.Embeddings;
using MemoryOrleans.Gateway.Erasures;
using MemoryOrleans.Gateway.Events;
using MemoryOrleans.Gateway.Graph;
using MemoryOrleans.Gateway.InProcess;
using MemoryOrleans.Gateway.Limits;
using MemoryOrleans.Gateway.Mcp;
using MemoryOrleans.Gateway.Memories;
using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Operations;
using MemoryOrleans.Gateway.Recall;
using MemoryOrleans.Gateway.Requests;
using MemoryOrleans.Gateway.Scheduling;
using MemoryOrleans.Gateway.Sessions;
using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Gateway.Tenants;
using MemoryOrleans.Gateway.Transfer;
using MemoryOrleans.Hosting;
using MemoryOrleans.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryOrleans.Gateway;

/// <summary>What a request passes, in order, and where it can go.</summary>
public static class GatewayPipeline
{
    /// <summary>Adds the gateway's steps and endpoints to an application built with <c>AddMemoryGateway</c>.</summary>
    public static WebApplication MapMemory(this WebApplication app)
    {
        var services = app.Services;
        var options = services.GetRequiredService<GatewayOptions>();
        var host = services.GetRequiredService<IMemoryHost>();
        var meters = services.GetRequiredService<GatewayMeters>();
        var probes = UseSteps(app);

        new TurnEndpoints(host.Sessions, host.Erasures, meters).Map(app);
        new SessionEndpoints(host.Sessions, host.Erasures).Map(app);
        new ReadingEndpoints(host.Sessions, host.Recall, options).Map(app);
        new DistilEndpoint(host.Memories, options).Map(app);
        new MemoryEndpoints(host.Memories, options).Map(app);
        new MemoryChangeEndpoints(host.Memories, host.Erasures, options).Map(app);
        new RecallEndpoint(host.Recall, options, meters).Map(app);
        MapGraph(app, host, options);
        new AdminEndpoints(host.Operations, options, services.GetRequiredService<TimeProvider>()).Map(app);
        new TenantEndpoints(host.Tenants, services.GetRequiredService<TenantRates>()).Map(app);
        new TenantErasureEndpoints(host.Erasures, services.GetRequiredService<TenantRates>()).Map(app);
        new DatabaseEndpoints(services.GetService<IDatabaseOperations>() ?? new OneDatabase(host.Operations)).Map(app);
        new KeyEndpoints(host.Keys, services.GetRequiredService<StoredKeys>(), options).Map(app);
        new WebhookEndpoints(host.Events).Map(app);
        new EventStream(
            host.Events, options.Events, services.GetRequiredService<Credentials>(), services.GetRequiredService<TenantRates>(),
            services.GetRequiredService<TimeProvider>(), app.Lifetime.ApplicationStopping).Map(app);
        new JobEndpoints(host.Due, host.Upkeep).Map(app);
        new RetentionEndpoints(host.Upkeep).Map(app);
        new EmbeddingEndpoints(host.Embeddings, options.Keys).Map(app);
        new ErasureEndpoints(host.Erasures).Map(app);
        new AuditEndpoints(host.Audit, services.GetRequiredService<TimeProvider>()).Map(app);
        new TransferEndpoints(host.Transfers, options, services.GetRequiredService<CallerShare>()).Map(app);
        new MessageEndpoints(host, options, meters).Map(app);
        new SessionRecallEndpoints(host, probes, options, meters).Map(app);
        McpEndpoint.Map(app);
        app.MapOpenApi("/openapi/v1.json").WithMetadata(new Operation("openapi", "Operations", "This document", Requirement.Open)
        {
            Problems = [429],
        });
        ConsoleEndpoints.Map(app, options);
        return app;
    }

    /// <summary>The same steps, with probes and metrics only: for a process that serves no callers.</summary>
    public static WebApplication MapMemoryProbes(this WebApplication app)
    {
        UseSteps(app);
        return app;
    }

    private static ProbeEndpoints UseSteps(WebApplication app)
    {
        var services = app.Services;
        var options = services.GetRequiredService<GatewayOptions>();
        WarnAboutSettings(services, options);
        TellLimits(services, options);
        app.Lifetime.ApplicationStarted.Register(services.GetRequiredService<GatewayMeters>().StartAtZero);
        app.Use(services.GetRequiredService<PipelineEntrance>().Note);
        app.UseMiddleware<RequestBoundary>();
        if (options.Keyless)
            app.UseMiddleware<LoopbackGuard>();
        else if (options.Limits.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseRouting();
        app.Use(Deprecation.TellAsync);
        app.UseCors();
        app.UseMiddleware<AuditTrail>();
        app.UseMiddleware<AccessControl>();
        app.UseMiddleware<Admission>();
        app.UseMiddleware<RequestDeadline>();
        app.UseMiddleware<ReachGuard>();
        var probes = new ProbeEndpoints(services.GetRequiredService<HealthProbe>());
        probes.Map(app);
        if (options.MetricsEnabled)
            app.MapMetrics("/metrics", "/metrics/prometheus");
        return probes;
    }

    private static void MapGraph(WebApplication app, IMemoryHost host, GatewayOptions options)
    {
        new EntityEndpoints(host.Graph).Map(app);
        new EntitySearchEndpoint(host.Entities, options).Map(app);
        new ObservationEndpoints(host.Graph).Map(app);
        new RelationEndpoints(host.Graph).Map(app);
        new GraphEndpoints(host.Graph).Map(app);
    }

    private static void TellLimits(IServiceProvider services, GatewayOptions options)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("MemoryOrleans.Gateway");
        log.LogInformation(
            "Holds {Connections} connections and works on {Requests} requests at a time; file handles: {Handles}",
            options.Limits.ConnectionsMax, options.Limits.ConcurrentRequestsMax, FileHandles.Limit());
    }

    private static void WarnAboutSettings(IServiceProvider services, GatewayOptions options)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("MemoryOrleans.Gateway");
        foreach (var warning in services.GetRequiredService<MemorySettings>().UnknownNames())
            log.LogWarning("{Warning}", warning);
        if (options.Keyless)
            log.LogWarning("No MEMORY_API_KEYS: serving only this machine, as tenant {Tenant}, with every scope", Caller.DefaultTenant);
        if (options.Keys.ShortKeys > 0)
            log.LogWarning("{Count} of the MEMORY_API_KEYS are shorter than 16 characters, and so within reach of guessing",
                options.Keys.ShortKeys);
    }
}
