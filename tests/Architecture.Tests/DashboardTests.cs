using System.Text.Json;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>Alerts and dashboards ask for metrics that there are.</summary>
public sealed class DashboardTests
{
    private const string Alerts = "deploy/prometheus/alerts.yaml";
    private const string Scraping = "deploy/prometheus/prometheus.yaml";

    // Of Orleans and of the runtime, as a silo and a gateway of this release show them at /metrics.
    private static readonly string[] Foreign =
    [
        "dotnet_gc_pause_time_seconds_total", "dotnet_process_cpu_time_seconds_total", "dotnet_process_memory_working_set_bytes",
        "orleans_catalog_activation_created_total", "orleans_catalog_activation_destroyed_total", "orleans_client_connected_gateways",
        "orleans_directory_ring_size", "orleans_gateway_connected_clients", "orleans_grains", "orleans_messaging_pings_reply_missed_total",
        "orleans_messaging_rejected_total",
    ];

    private static readonly string[] Files = ["deploy/grafana/cluster.json", "deploy/grafana/service.json"];

    public static TheoryData<string> Dashboards => [.. Files];

    [Fact]
    public void Alerts_ask_for_metrics_that_exist()
    {
        var asked = Asked(Repository.Read(Alerts));
        Assert.Contains("memory_due_dead", asked);
        Assert.Empty(asked.Except(Known()));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboards_ask_for_metrics_that_exist(string path)
    {
        var asked = Asked(string.Join('\n', Expressions(path)));
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Known()));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboards_work_with_any_Prometheus_and_name_their_panels_once(string path)
    {
        using var board = JsonDocument.Parse(Repository.Read(path));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, static panel => Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.All(panels, static panel => Assert.NotEmpty(panel.GetProperty("title").GetString()!));
    }

    [Fact]
    public void Grains_are_told_apart_by_the_names_they_have()
    {
        var asked = Repository.Names(string.Join('\n', Files.SelectMany(Expressions)), "grain_type=\"([^\"]+)\"");
        Assert.Equal(["recall", "session", "shard"], asked);
        var grains = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Grains"), "*.cs").Select(File.ReadAllText));
        Assert.Empty(asked.Except(Repository.Names(grains, @"\[GrainType\(""(\w+)""\)\]")));
        Assert.DoesNotContain("{type=", string.Join('\n', Files.SelectMany(Expressions)), StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_have_the_same_names_wherever_they_are_scraped_and_asked_for()
    {
        var scraped = Repository.Names(Repository.Read(Scraping), "job_name: (.+)$");
        Assert.Equal(["memory-gateway", "memory-silo"], scraped);
        Assert.Contains("replacement: memory-{{ $component }}", Repository.Read("deploy/helm/memory/templates/monitoring.yaml"),
            StringComparison.Ordinal);
        var asked = Files.SelectMany(Expressions).Append(Repository.Read(Alerts));
        Assert.Empty(Repository.Names(string.Join('\n', asked), "job=\"([^\"]+)\"").Except(scraped));
    }

    [Fact]
    public void Every_alert_is_explained()
    {
        var alerts = Repository.Names(Repository.Read(Alerts), "alert: (.+)$");
        Assert.NotEmpty(alerts);
        var page = Repository.Read("docs/cluster.md");
        Assert.All(alerts, alert => Assert.Contains($"`{alert}`", page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Expressions(string path)
    {
        using var board = JsonDocument.Parse(Repository.Read(path));
        return board.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!).ToArray();
    }

    private static SortedSet<string> Asked(string text) =>
        Repository.Names(text, @"\b((?:memory|orleans|dotnet|kestrel|http|process)_[a-zA-Z0-9_]+)\b");

    // As the exporter for Prometheus names them: counters end in _total; histograms, which are all of seconds, have three series.
    private static HashSet<string> Known()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !Repository.Relative(path).Split('/').Any(static part => part is "bin" or "obj"))
            .Select(File.ReadAllText));
        var known = new HashSet<string>(Foreign, StringComparer.Ordinal);
        known.UnionWith(Repository.Names(source, @"(?:Create(?:Observable)?Counter(?:<\w+>)?\(|meter,)\s*""(memory_\w+)""").Select(static name => name + "_total"));
        known.UnionWith(Repository.Names(source, @"CreateObservableGauge(?:<\w+>)?\(\s*""(memory_\w+)"""));
        foreach (var name in Repository.Names(source, @"CreateHistogram(?:<\w+>)?\(\s*""(memory_\w+)"""))
        {
            var seconds = name.EndsWith("_seconds", StringComparison.Ordinal) || name.EndsWith("_salience", StringComparison.Ordinal) ? name : name + "_seconds";
            known.UnionWith([seconds, seconds + "_bucket", seconds + "_sum", seconds + "_count"]);
        }

        return known;
    }
}
