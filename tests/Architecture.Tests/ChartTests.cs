using System.Globalization;
using System.Text.Json;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>The chart's obvious structure, and what it says of the rest; nothing here renders it.</summary>
public sealed class ChartTests
{
    private const string Chart = "deploy/helm/memory";
    private const string Helpers = Chart + "/templates/_helpers.tpl";
    private const string Values = Chart + "/values.yaml";
    private const string Schema = Chart + "/values.schema.json";

    private static readonly string[] Files =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, Chart, "templates")).Select(Repository.Relative)
            .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Templates => [.. Files];

    [Fact]
    public void Every_setting_named_exists()
    {
        var named = Repository.Names(string.Concat(Files.Select(Repository.Read)) + Repository.Read(Values), @"\b(MEMORY_[A-Z_]+)\b");
        Assert.Contains("MEMORY_CLUSTER_ADDRESS", named);
        Assert.Empty(named.Except(Settings()));
        Assert.Empty(Repository.Names(Repository.Read(Schema), @"""(MEMORY_[A-Z_]+)""").Except(Settings()));
    }

    [Fact]
    public void Secrets_come_from_a_secret_only()
    {
        var secrets = Repository.Names(Repository.Read("docs/settings.md"), @"^\| `(MEMORY_[A-Z_]+)` .* A secret\. \|$");
        Assert.Contains("MEMORY_DATABASE_URL", secrets);
        Assert.Empty(secrets.Except(RefusedAsPlain()));
        var plain = Repository.Names(Repository.Read(Helpers), @"^- name: (MEMORY_[A-Z_]+)\n  value:");
        Assert.NotEmpty(plain);
        Assert.Empty(plain.Intersect(secrets));
    }

    [Fact]
    public void What_the_chart_sets_itself_cannot_be_set_beside_it()
    {
        var own = Repository.Names(Repository.Read(Helpers), @"^- name: (MEMORY_[A-Z_]+)$");
        Assert.NotEmpty(own);
        Assert.Empty(own.Except(RefusedAsPlain()));
    }

    [Fact]
    public void Values_schema_and_templates_know_the_same_values()
    {
        var given = Repository.Names(Repository.Read(Values), "^([a-zA-Z]+):");
        using var schema = JsonDocument.Parse(Repository.Read(Schema));
        var known = schema.RootElement.GetProperty("properties").EnumerateObject().Select(static each => each.Name)
            .Where(static name => name != "global");
        Assert.Equal(given, known.ToHashSet());
        Assert.False(schema.RootElement.GetProperty("additionalProperties").GetBoolean());
        var used = Repository.Names(string.Concat(Files.Select(Repository.Read)), @"(?:\.Values|\$values)\.([a-zA-Z]+)");
        Assert.Empty(used.Except(given));
    }

    [Fact]
    public void Silos_may_deliver_webhooks_and_further_ways_out_can_be_named()
    {
        var template = Repository.Read(Chart + "/templates/network.yaml");
        foreach (var value in new[] { "$policy.webhooks.ports", "$policy.webhooks.to", "$policy.egress" })
            Assert.Contains($"{{{{- with {value} }}}}", template, StringComparison.Ordinal);
        Assert.Contains("webhooks: {to: [], ports: [443, 80]}", Repository.Read(Values), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Blocks_of_a_template_are_closed(string template)
    {
        var text = Repository.Read(template);
        var opened = Count(text, "{{- if ") + Count(text, "{{- range ") + Count(text, "{{- with ") + Count(text, "{{- define ");
        Assert.Equal(opened, Count(text, "{{- end }}") + Count(text, "{{- end -}}"));
        Assert.Equal(Count(text, "{{"), Count(text, "}}"));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    [InlineData("migrate")]
    public void Every_pod_runs_without_rights(string component)
    {
        var template = Repository.Read($"{Chart}/templates/{component}.yaml");
        Assert.Contains("include \"memory.pod\"", template, StringComparison.Ordinal);
        Assert.Contains("include \"memory.containerSecurity\"", template, StringComparison.Ordinal);
        Assert.Contains("resources:", template, StringComparison.Ordinal);
        var helpers = Repository.Read(Helpers);
        foreach (var line in new[]
            {
                "runAsNonRoot: true", "type: RuntimeDefault", "allowPrivilegeEscalation: false", "readOnlyRootFilesystem: true",
                    "drop: [ALL]",
                "automountServiceAccountToken: false",
            })
            Assert.Contains(line, helpers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void Processes_are_probed_where_they_answer_and_given_time_to_stop(string component)
    {
        var template = Repository.Read($"{Chart}/templates/{component}.yaml");
        Assert.Contains("include \"memory.probes\"", template, StringComparison.Ordinal);
        var more = Repository.Names(template, @"terminationGracePeriodSeconds: \{\{ add \.Values\.shutdownSeconds .*?(\d+) \}\}");
        Assert.True(int.Parse(Assert.Single(more), CultureInfo.InvariantCulture) > 0);
        var asked = Repository.Names(Repository.Read(Helpers), @"path: (/[a-z/]+), port: http");
        Assert.Equal(["/health/live", "/health/ready"], asked);
        Assert.Empty(asked.Except(Repository.Names(Repository.Read("src/Gateway/Operations/ProbeEndpoints.cs"), "\"(/health/[a-z]+)\"")));
    }

    [Fact]
    public void Ports_agree_with_the_image_and_the_settings()
    {
        var values = Repository.Names(Repository.Read(Values), @"^  (?:http|silo|gateway): (\d+)$");
        var exposed = Assert.Single(Repository.Names(Repository.Read("Dockerfile"), @"^EXPOSE ([\d ]+)$"));
        Assert.Equal(exposed.Split(' ').ToHashSet(StringComparer.Ordinal), values);
        var standard = Repository.Names(Repository.Read("docs/settings.md"), @"^\| `MEMORY_CLUSTER_(?:SILO|GATEWAY)_PORT` \| `(\d+)`");
        Assert.Equal(2, standard.Count);
        Assert.Empty(standard.Except(values));
    }

    [Fact]
    public void The_chart_has_the_alerts_that_are_written_for_everybody() =>
        Assert.Equal(Repository.Read("deploy/prometheus/alerts.yaml"), Repository.Read(Chart + "/files/alerts.yaml"));

    private static SortedSet<string> Settings() => Repository.Names(Repository.Read("docs/settings.md"), @"^\| `(MEMORY_[A-Z_]+)` \|");

    private static HashSet<string> RefusedAsPlain()
    {
        using var schema = JsonDocument.Parse(Repository.Read(Schema));
        return schema.RootElement.GetProperty("properties").GetProperty("settings").GetProperty("propertyNames").GetProperty("not")
            .GetProperty("enum")
            .EnumerateArray().Select(static name => name.GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
