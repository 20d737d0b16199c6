using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MemoryOrleans.Gateway.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryOrleans.Gateway.Tests;

[Collection(Alone.Name)]
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_valid_prometheus_text_and_count_what_happened()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS=metrics-tenant:metrics-key-0123456789");
        using var http = gateway.NewHttp("metrics-key-0123456789");
        await http.CallAsync("POST", "/v1/sessions/m/turns", Calls.Said("one"));
        await http.CallAsync("POST", "/v1/sessions/m/turns/batch", """{"turns":[{"role":"user","content":"two"},{"role":"user","content":"three"}]}""");
        await http.CallAsync("POST", "/v1/recall", """{"query":"two"}""");
        var answer = await http.CallAsync("GET", "/metrics", null);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Response.Content.Headers.ContentType?.ToString());
        var samples = Parse(answer.Text);
        Assert.Equal(2, samples["memory_appends_total{tenant=\"metrics-tenant\"}"]);
        Assert.Equal(3, samples["memory_appended_turns_total{tenant=\"metrics-tenant\"}"]);
        Assert.Equal(1, samples["memory_recalls_total{tenant=\"metrics-tenant\"}"]);
        Assert.Equal(1, samples["memory_recall_seconds_count{tenant=\"metrics-tenant\"}"]);
        Assert.True(samples["memory_http_requests_total{method=\"POST\",route=\"/v1/recall\",status=\"200\"}"] >= 1);
        Assert.True(samples["memory_http_request_seconds_bucket{method=\"POST\",route=\"/v1/recall\",le=\"+Inf\"}"] >= 1);
        Assert.Contains(samples.Keys, k => k.StartsWith("http_server_request_duration_seconds_bucket", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, k => k.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, k => k.StartsWith("kestrel_active_connections", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/metrics/prometheus")).Status);
    }

    [Fact]
    public async Task Without_metrics_the_path_is_not_there()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_METRICS_ENABLED=false");
        (await gateway.GetAsync("/metrics")).IsProblem(404, "no_such_route");
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"))).Status);
    }

    [Theory]
    [InlineData("memory_appends", null, true, "memory_appends_total")]
    [InlineData("memory_http_request_seconds", "s", false, "memory_http_request_seconds")]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", true, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("kestrel.active_connections", "{connection}", false, "kestrel_active_connections")]
    [InlineData("2fast", "1", false, "_2fast")]
    public void Names_follow_prometheus(string name, string? unit, bool counter, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(name, unit, counter));

    [Fact]
    public void Labels_are_escaped()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var pipeline = new MetricsPipeline(services.GetRequiredService<IMeterFactory>());
        using var meter = new Meter("MemoryOrleans.EscapeTest");
        meter.CreateCounter<long>("escape_test", description: "Back\\slash and\nline").Add(2, new KeyValuePair<string, object?>("odd.label", "a\"b\\c\nd"));
        var text = pipeline.Collect();
        Assert.Contains("# HELP escape_test_total Back\\\\slash and\\nline\n# TYPE escape_test_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("escape_test_total{odd_label=\"a\\\"b\\\\c\\nd\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_are_cumulative_and_end_in_infinity()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var pipeline = new MetricsPipeline(services.GetRequiredService<IMeterFactory>());
        using var meter = new Meter("MemoryOrleans.HistogramTest");
        var histogram = meter.CreateHistogram("histogram_test", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (var value in new[] { 0.1, 1, 1.5, 9 })
            histogram.Record(value);
        var samples = Parse(pipeline.Collect());
        Assert.Equal(1, samples["histogram_test_seconds_bucket{le=\"0.5\"}"]);
        Assert.Equal(3, samples["histogram_test_seconds_bucket{le=\"2\"}"]);
        Assert.Equal(4, samples["histogram_test_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(4, samples["histogram_test_seconds_count"]);
        Assert.Equal(11.6, samples["histogram_test_seconds_sum"], 1e-9);
    }

    /// <summary>Holds that every line has the form of the text format, and answers the samples.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                Assert.Matches("^# (HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*|HELP [a-zA-Z_:][a-zA-Z0-9_:]* |TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram))$", line);
                continue;
            }

            var match = Sample().Match(line);
            Assert.True(match.Success, line);
            Assert.True(samples.TryAdd(match.Groups["series"].Value, NumberOf(match.Groups["value"].Value)), "twice: " + line);
        }

        return samples;
    }

    private static double NumberOf(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+\})?) (?<value>\S+)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Sample();
}
