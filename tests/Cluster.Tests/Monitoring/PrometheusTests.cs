using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MemoryOrleans.Scripted;

namespace MemoryOrleans.Cluster.Tests.Monitoring;

/// <summary>The alerts and dashboards that are shipped, in a real Prometheus over running processes of every role.</summary>
public sealed partial class PrometheusTests(MonitoredMemory memory) : IClassFixture<MonitoredMemory>
{
    // Series that begin with what they tell of: a probe missed, a message rejected, an activation ended, a call that failed; and those of
    // several databases, which these processes do not have.
    private static readonly string[] Rare =
    [
        "orleans_messaging_pings_reply_missed_total", "orleans_messaging_rejected_total", "orleans_catalog_activation_destroyed_total",
        "memory_database_up",
        "{outcome=\"failed\"}",
    ];

    private const int LostAppends = 10;

    private static string Alerts => File.ReadAllText(PrometheusServer.PathOf("deploy/prometheus/alerts.yaml"));

    public static TheoryData<string> Dashboards => ["deploy/grafana/service.json", "deploy/grafana/cluster.json"];

    [Fact]
    public async Task The_rules_are_valid_and_their_tests_pass()
    {
        foreach (var arguments in new[]
            {
                new[] { "check", "rules", "alerts.yaml" }, ["check", "config", "--syntax-only", "prometheus.yaml"],
                    ["test", "rules", "alerts.test.yaml"],
            })
        {
            var (code, said) = await PrometheusServer.CheckAsync(arguments);
            Assert.True(code == 0, said);
        }
    }

    [Fact]
    public void Every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not()
    {
        var tests = File.ReadAllText(PrometheusServer.PathOf("deploy/prometheus/alerts.test.yaml"));
        var alerts = AlertName().Matches(Alerts).Select(static match => match.Groups["name"].Value).ToArray();
        Assert.NotEmpty(alerts);
        var fire = FiringTest().Matches(tests).Select(static match => match.Groups["name"].Value);
        var rest = RestingTest().Matches(tests).Select(static match => match.Groups["name"].Value);
        Assert.Empty(alerts.Except(fire));
        Assert.Empty(alerts.Except(rest).Except(["MemoryDown", "MemoryDueDead"]));
    }

    [Fact]
    public async Task Alerts_ask_for_series_that_running_processes_have()
    {
        foreach (var selector in Expressions(Alerts).SelectMany(static expression => Selector().Matches(expression))
            .Select(static match => match.Value).Distinct())
        {
            if (!Rare.Any(rare => selector.Contains(rare, StringComparison.Ordinal)))
                await HasAnswerAsync(selector);
        }
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Every_query_of_a_dashboard_has_an_answer(string path)
    {
        using var board = JsonDocument.Parse(await File.ReadAllTextAsync(PrometheusServer.PathOf(path)));
        var queries = board.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!).ToArray();
        Assert.NotEmpty(queries);
        foreach (var query in queries.Where(static query => !Rare.Any(rare => query.Contains(rare, StringComparison.Ordinal))))
            await HasAnswerAsync(query.Replace("$__rate_interval", "1m", StringComparison.Ordinal));
    }

    // One after the other, as each makes more of the same process fail.
    [Fact]
    public async Task Alerts_tell_the_first_failure_a_lost_file_and_a_process_that_is_gone()
    {
        var (process, client) = memory.Doomed;
        await memory.Prometheus.WhenAnyAsync(
            $"memory_embedder_failures_total{{kind=\"refused\",instance=\"{client.BaseAddress!.Authority}\"}} == 0");
        memory.Embedder.Behaviour = new Behaviour { Act = Act.Refuse, Status = 401 };
        await MonitoredMemory.AppendAsync(client, "refused", "What is said now is not embedded.");
        await memory.Prometheus.WhenAlertedAsync("MemoryEmbedderRefused", fires: true);

        File.Delete(memory.DoomedFile);
        for (var i = 0; i < LostAppends; i++)
        {
            using var lost = await client.PostAsJsonAsync("v1/sessions/lost/turns",
                new { role = "user", content = "What is said now is not kept." });
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        }

        await memory.Prometheus.WhenAlertedAsync("MemoryStoreStopped", fires: true);
        await memory.Prometheus.WhenAlertedAsync("MemoryStoreFailures", fires: false);
        await memory.Prometheus.WhenAlertedAsync("MemoryErrorRate", fires: false);

        process.Kill();
        await memory.Prometheus.WhenAlertedAsync("MemoryDown", fires: false);
    }

    private async Task HasAnswerAsync(string query)
    {
        try
        {
            await memory.Prometheus.WhenAnyAsync(query);
        }
        catch (Xunit.Sdk.FailException nothing)
        {
            throw new InvalidOperationException($"No series answers {query}", nothing);
        }
    }

    // Each is one line, or the lines of a folded block.
    private static IEnumerable<string> Expressions(string rules) =>
        Expression().Matches(rules).Select(static match => match.Groups["expression"].Value);

    [GeneratedRegex(@"alert: (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"alertname: (?<name>\w+)\s+exp_alerts:\s+- exp_labels", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FiringTest();

    [GeneratedRegex(@"alertname: (?<name>\w+), exp_alerts: \[\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RestingTest();

    [GeneratedRegex(@"expr: (?<expression>(?:>-\n(?:          .*\n)+)|.*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(?:memory|orleans|dotnet)_[a-z_]+(?:\{(?:""[^""]*""|[^}""])*\})?", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Selector();
}
