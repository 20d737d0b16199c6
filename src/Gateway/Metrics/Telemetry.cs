using System.Diagnostics.Metrics;
using System.Reflection;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using MemoryOrleans.Gateway.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MemoryOrleans.Gateway.Metrics;

/// <summary>Collects the meters and traces of this project, of ASP.NET, Orleans and Npgsql, and shows or sends them.</summary>
internal static class Telemetry
{
    private const string OrleansMeter = "Microsoft.Orleans";

    // Of each of its hundred instruments, whose labels are silos, kinds of grains and of messages: room is made at once for all of them.
    private const int OrleansSeriesMax = 250;

    private static readonly string[] Meters =
    [
        "MemoryOrleans.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
        OrleansMeter,
    ];

    private static readonly string[] Sources = ["MemoryOrleans.*", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", "Npgsql"];

    public static void AddTelemetry(this IServiceCollection services, GatewayOptions options)
    {
        if (options is { MetricsEnabled: false, Otlp: null })
            return;
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService("memory", serviceVersion: version)
            .AddAttributes([new("deployment.environment.name", options.Environment)]));
        if (options.MetricsEnabled)
            telemetry.WithMetrics(metrics => Collect(metrics, options));
        if (options.Otlp is { } otlp)
            telemetry.WithTracing(traces => Trace(traces, otlp));
    }

    /// <summary>Maps the text for Prometheus to each of <paramref name="patterns"/>.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes, params ReadOnlySpan<string> patterns)
    {
        var scrape = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();
        foreach (var pattern in patterns)
        {
            routes.Map("GET", pattern, scrape, new Operation(
                pattern == "/metrics" ? "metrics" : "prometheusMetrics", "Operations",
                "Metrics in the Prometheus text format. Open while only this machine can connect, else for administrators",
                Requirement.AdminUnlessLoopback)
            {
                AnswerType = "text/plain", Unmetered = true,
            });
        }
    }

    private static void Collect(MeterProviderBuilder metrics, GatewayOptions options)
    {
        metrics.AddMeter(Meters);
        // Meters are heard across the process, in which several applications may run, as tests do.
        ((IDeferredMeterProviderBuilder)metrics).Configure(static (services, builder) =>
        {
            var own = services.GetRequiredService<IMeterFactory>();
            builder.AddView(instrument =>
                instrument.Meter.Scope is IMeterFactory factory && !ReferenceEquals(factory, own) ? MetricStreamConfiguration.Drop
                : instrument.Meter.Name == OrleansMeter ? new MetricStreamConfiguration { CardinalityLimit = OrleansSeriesMax } : null);
        });
        metrics.AddPrometheusExporter(static text =>
        {
            // Names and labels stay as dashboards ask for them; each scrape sees what has just been counted.
            text.ScopeInfoEnabled = false;
            text.TargetInfoEnabled = false;
            text.ScrapeResponseCacheDurationMilliseconds = 0;
        });
        if (options.Otlp is { } otlp)
            metrics.AddOtlpExporter(exporter => Send(exporter, otlp, "metrics"));
    }

    private static void Trace(TracerProviderBuilder traces, OtlpOptions otlp) => traces
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(otlp.TracesRatio)))
        .AddSource(Sources)
        .AddAspNetCoreInstrumentation(static requests => requests.Filter = static http => !IsProbe(http.Request.Path))
        .AddHttpClientInstrumentation()
        .AddOtlpExporter(exporter => Send(exporter, otlp, "traces"));

    private static void Send(OtlpExporterOptions exporter, OtlpOptions otlp, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = otlp.Of(signal);
        exporter.Headers = otlp.Headers;
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
