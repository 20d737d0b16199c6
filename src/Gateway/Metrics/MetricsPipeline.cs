using System.Diagnostics.Metrics;
using System.Text;
using MemoryOrleans.Gateway.Access;
using MemoryOrleans.Gateway.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MemoryOrleans.Gateway.Metrics;

/// <summary>Collects the meters of this project, of ASP.NET and of the runtime, and shows them when asked.</summary>
internal sealed class MetricsPipeline : IDisposable
{
    private static readonly string[] Meters =
    [
        "MemoryOrleans.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
        "Microsoft.Orleans",
    ];

    private readonly Lock gate = new();
    private readonly PrometheusExporter exporter = new();
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider provider;

    public MetricsPipeline(IMeterFactory own)
    {
        reader = new BaseExportingMetricReader(exporter);
        provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(Meters)
            .AddView(instrument => IsOfAnotherApplication(instrument, own) ? MetricStreamConfiguration.Drop : null)
            .AddReader(reader)
            .Build();
    }

    public void Map(IEndpointRouteBuilder routes, params ReadOnlySpan<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            routes.Map("GET", pattern, AnswerAsync, new Operation(
                pattern == "/metrics" ? "metrics" : "prometheusMetrics", "Operations",
                "Metrics in the Prometheus text format. Open while only this machine can connect, else for administrators",
                Requirement.AdminUnlessLoopback)
            {
                AnswerType = PrometheusText.ContentType, Unmetered = true,
            });
        }
    }

    public string Collect()
    {
        lock (gate)
        {
            reader.Collect();
            return exporter.Text;
        }
    }

    public void Dispose() => provider.Dispose();

    /// <summary>Meters are heard across the process, in which several applications may run, as tests do.</summary>
    private static bool IsOfAnotherApplication(Instrument instrument, IMeterFactory own) =>
        instrument.Meter.Scope is IMeterFactory factory && !ReferenceEquals(factory, own);

    private async Task AnswerAsync(HttpContext http)
    {
        var bytes = Encoding.UTF8.GetBytes(Collect());
        http.Response.ContentType = PrometheusText.ContentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private sealed class PrometheusExporter : BaseExporter<Metric>
    {
        public string Text { get; private set; } = string.Empty;

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var text = new PrometheusText();
            foreach (var metric in batch)
                text.Add(metric);
            Text = text.ToString();
            return ExportResult.Success;
        }
    }
}
