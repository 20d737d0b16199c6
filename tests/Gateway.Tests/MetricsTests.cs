using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Gateway.Tests;

[Collection(Alone.Name)]
public sealed partial class MetricsTests
{
    // As the first release showed them: dashboards and alerts are built on these.
    private static readonly string[] Shown =
    [
        "dotnet_assembly_count",
        "dotnet_gc_heap_total_allocated_bytes_total",
        "dotnet_gc_pause_time_seconds_total",
        "dotnet_process_cpu_time_seconds_total{cpu_mode}",
        "dotnet_process_memory_working_set_bytes",
        "dotnet_thread_pool_queue_length_total",
        "http_server_active_requests{http_request_method,url_scheme}",
        "http_server_request_duration_seconds_bucket{http_request_method,http_response_status_code,http_route,network_protocol_version,url_scheme,le}",
        "http_server_request_duration_seconds_sum{http_request_method,http_response_status_code,http_route,network_protocol_version,url_scheme}",
        "kestrel_active_connections{network_transport,network_type,server_address,server_port}",
        "memory_appended_turns_total{tenant}",
        "memory_appends_total{tenant}",
        "memory_http_request_seconds_bucket{method,route,le}",
        "memory_http_request_seconds_count{method,route}",
        "memory_http_request_seconds_sum{method,route}",
        "memory_http_requests_total{method,route,status}",
        "memory_index_bytes",
        "memory_index_partitions",
        "memory_index_turns",
        "memory_recall_seconds_bucket{tenant,le}",
        "memory_recall_seconds_count{tenant}",
        "memory_recall_seconds_sum{tenant}",
        "memory_recalls_total{tenant}",
        "memory_session_actors",
        "memory_store_commit_seconds_bucket{le}",
        "memory_store_commit_seconds_count",
        "memory_store_commit_seconds_sum",
        "memory_store_commits_total",
        "memory_store_pool_in_use",
        "memory_store_queue_depth",
        "memory_store_turns_total",
    ];

    [Fact]
    public async Task Series_keep_the_names_and_labels_that_dashboards_ask_for()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await gateway.PostAsync("/v1/sessions/shown/turns", Calls.Said("one"));
        await gateway.PostAsync("/v1/recall", """{"query":"one"}""");
        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
        Assert.Empty(Shown.Except(samples.Keys.Select(static series => LabelValue().Replace(series, string.Empty))));
        Assert.DoesNotContain(samples.Keys, static series => series.StartsWith("target_info", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_are_valid_prometheus_text_and_count_what_happened()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS=metrics-tenant:metrics-key-0123456789");
        using var http = gateway.NewHttp("metrics-key-0123456789");
        await http.CallAsync("POST", "/v1/sessions/m/turns", Calls.Said("one"));
        await http.CallAsync("POST", "/v1/sessions/m/turns/batch",
            """{"turns":[{"role":"user","content":"two"},{"role":"user","content":"three"}]}""");
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
    public async Task Metrics_name_so_many_tenants_and_no_more()
    {
        var keys = string.Join(',', Enumerable.Range(0, 20).Select(i => $"tenant-{i}:tenant-{i}-key-0123456789"));
        await using var gateway = await RunningGateway.StartAsync("MEMORY_API_KEYS=" + keys, "MEMORY_METRICS_TENANTS_MAX=3");
        for (var i = 0; i < 20; i++)
        {
            using var http = gateway.NewHttp($"tenant-{i}-key-0123456789");
            await http.CallAsync("POST", "/v1/sessions/m/turns", Calls.Said("one"));
        }

        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
        Assert.Equal(4, samples.Keys.Count(key => key.StartsWith("memory_appends_total{", StringComparison.Ordinal)));
        Assert.Equal(17, samples["memory_appends_total{tenant=\"other\"}"]);
    }

    [Fact]
    public async Task Callers_that_a_proxy_brings_and_those_without_a_key_do_not_see_metrics_where_that_is_asked()
    {
        const string Keys = "MEMORY_API_KEYS=acme:admin-key-0123456789:read+admin,acme:reader-key-0123456789:read";
        await using (var gateway = await RunningGateway.StartAsync(Keys))
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/metrics")).Status);
            foreach (var header in new[] { "X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7", "X-Real-IP: 203.0.113.7",
                "Via: 1.1 proxy" })
                (await gateway.GetAsync("/metrics", header)).IsProblem(401, "unauthenticated");
            Assert.Equal(HttpStatusCode.OK,
                (await gateway.GetAsync("/metrics", "Via: 1.1 proxy", "X-Api-Key: admin-key-0123456789")).Status);
        }

        await using var closed = await RunningGateway.StartAsync(Keys, "MEMORY_METRICS_ACCESS=admin");
        (await closed.GetAsync("/metrics")).IsProblem(401, "unauthenticated");
        (await closed.GetAsync("/metrics/prometheus", "X-Api-Key: reader-key-0123456789")).IsProblem(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await closed.GetAsync("/metrics", "X-Api-Key: admin-key-0123456789")).Status);
    }

    [Fact]
    public async Task Counters_are_there_before_they_count()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
        string[] waitedFor =
        [
            "memory_request_failures_total", "memory_rate_limited_total", "memory_requests_shed_total",
            "memory_requests_refused_total{reason=\"forbidden\"}",
            "memory_http_answers_total{class=\"5xx\"}", "memory_store_failures_total{operation=\"commit\"}", "memory_items_left_out_total",
            "memory_cluster_retries_total", "memory_redacted_spans_total{kind=\"card\"}",
            "memory_recalls_degraded_total{tenant=\"other\"}", "memory_recall_arms_total{arm=\"turns\"}",
            "memory_update_links_total{class=\"replaces\"}",
            "memory_due_dead{kind=\"distil\"}", "memory_due_oldest_seconds{kind=\"erasure\"}", "memory_store_queue_oldest_seconds",
        ];
        foreach (var name in waitedFor)
            Assert.Equal(0, samples[name]);
    }

    [Fact]
    public async Task Spans_that_were_taken_out_are_counted_by_kind()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await gateway.Http.CallAsync("PATCH", "/v1/admin/tenants/default", """{"redact":["emails","cards"]}""");
        await gateway.PostAsync("/v1/sessions/redacted/turns", Calls.Said("ada@example.org and bob@example.org"));
        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
        Assert.Equal((2, 0), (samples["memory_redacted_spans_total{kind=\"email\"}"],
            samples["memory_redacted_spans_total{kind=\"card\"}"]));
    }

    [Fact]
    public async Task Recalls_tell_their_arms_their_items_and_how_salient_these_were()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await gateway.PostAsync("/v1/sessions/told/turns", Calls.Said("The lighthouse keeper is called Ines."));
        await gateway.PostAsync("/v1/memories",
            """{"kind":"preference","content":"Ines of the lighthouse prefers tea.","importance":0.55}""");
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/recall", """{"query":"Who keeps the lighthouse?"}""")).Status);
        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
        Assert.Equal((1, 1), (samples["memory_recall_arms_total{arm=\"turns\"}"], samples["memory_recall_arms_total{arm=\"memories\"}"]));
        Assert.Equal(1, samples["memory_recalled_items_total{tier=\"episodic\"}"]);
        Assert.Equal((0, 1), (samples["memory_recalled_salience_bucket{le=\"0.5\"}"],
            samples["memory_recalled_salience_bucket{le=\"0.6\"}"]));
        Assert.True(samples["memory_http_answers_total{class=\"2xx\"}"] >= 3);
    }

    [Fact]
    public async Task Who_asks_for_OpenMetrics_gets_it()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var answer = await gateway.GetAsync("/metrics",
            "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
        Assert.Equal("application/openmetrics-text", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("# EOF\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("# TYPE memory_request_failures counter\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_metrics_the_path_is_not_there()
    {
        await using var gateway = await RunningGateway.StartAsync("MEMORY_METRICS_ENABLED=false");
        (await gateway.GetAsync("/metrics")).IsProblem(404, "no_such_route");
        Assert.Equal(HttpStatusCode.Created, (await gateway.PostAsync("/v1/sessions/s/turns", Calls.Said("x"))).Status);
    }

    [Theory]
    [InlineData("memory_name_test", null, true, "memory_name_test_total")]
    [InlineData("name_test_seconds", "s", false, "name_test_seconds")]
    [InlineData("name.test.duration", "s", false, "name_test_duration_seconds")]
    [InlineData("name.test.total_allocated", "By", true, "name_test_total_allocated_bytes_total")]
    [InlineData("name.test_connections", "{connection}", false, "name_test_connections")]
    public async Task Names_follow_prometheus(string name, string? unit, bool counter, string expected)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var meter = new Meter("MemoryOrleans.NameTest");
        if (counter)
            meter.CreateCounter<long>(name, unit).Add(1);
        else
            meter.CreateObservableGauge(name, static () => 1, unit);
        Assert.Equal(1, Parse((await gateway.GetAsync("/metrics")).Text)[expected]);
    }

    [Fact]
    public async Task Labels_are_escaped()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var meter = new Meter("MemoryOrleans.EscapeTest");
        meter.CreateCounter<long>("escape_test", description: "Back\\slash and\nline")
            .Add(2, new KeyValuePair<string, object?>("odd.label", "a\"b\\c\nd"));
        var text = (await gateway.GetAsync("/metrics")).Text;
        Assert.Contains("# HELP escape_test_total Back\\\\slash and\\nline\n", text, StringComparison.Ordinal);
        Assert.Contains("escape_test_total{odd_label=\"a\\\"b\\\\c\\nd\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histograms_are_cumulative_and_end_in_infinity()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var meter = new Meter("MemoryOrleans.HistogramTest");
        var histogram = meter.CreateHistogram("histogram_test", "s",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (var value in new[] { 0.1, 1, 1.5, 9 })
            histogram.Record(value);
        var samples = Parse((await gateway.GetAsync("/metrics")).Text);
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
            Assert.True(samples.TryAdd(match.Groups["series"].Value.Replace("{}", string.Empty, StringComparison.Ordinal),
                NumberOf(match.Groups["value"].Value)), "twice: " + line);
        }

        return samples;
    }

    private static double NumberOf(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})?) (?<value>\S+)$""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Sample();

    [GeneratedRegex("=\"([^\"\\\\\n]|\\\\[\"\\\\n])*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LabelValue();
}
