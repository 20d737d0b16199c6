using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using YamlDotNet.RepresentationModel;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>What the chart's schema takes and refuses, by a validator; helm does the same before it renders.</summary>
public sealed class ChartValuesTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read("deploy/helm/memory/values.schema.json"));

    [Fact]
    public void The_shipped_values_are_good_once_the_secrets_are_named()
    {
        Assert.True(IsGood());
        Assert.False(IsGood("""{"database": {"existingSecret": ""}}"""));
    }

    [Theory]
    [InlineData("""{"cluster": {"tls": {"existingSecret": "memory-cluster"}}}""")]
    [InlineData("""{"silo": {"autoscaling": {"enabled": true, "minReplicas": 3, "maxReplicas": 3}}}""")]
    [InlineData("""{"gateway": {"autoscaling": {"enabled": false}, "resources": {"requests": {"memory": "1Gi"}}}}""")]
    [InlineData("""{"metrics": {"serviceMonitor": {"enabled": true, "existingSecret": "m"}}, "networkPolicy": {"metrics": [{"podSelector": {}}]}}""")]
    [InlineData("""{"metrics": {"serviceMonitor": {"enabled": true, "existingSecret": "m"}}, "networkPolicy": {"enabled": false}}""")]
    [InlineData("""{"networkPolicy": {"egress": [{"to": [{"podSelector": {}}], "ports": [{"protocol": "TCP", "port": 4317}]}]}}""")]
    [InlineData("""{"networkPolicy": {"webhooks": {"ports": []}}}""")]
    public void What_can_work_is_taken(string change) => Assert.True(IsGood(change));

    [Theory]
    [InlineData("""{"silo": {"autoscaling": {"enabled": true, "minReplicas": 4, "maxReplicas": 3}}}""")]
    [InlineData("""{"gateway": {"autoscaling": {"minReplicas": 100, "maxReplicas": 99}}}""")]
    [InlineData("""{"gateway": {"autoscaling": {"minReplicas": 2, "maxReplicas": 1}}}""")]
    [InlineData("""{"gateway": {"resources": {"requests": {"cpu": "0"}}}}""")]
    [InlineData("""{"metrics": {"serviceMonitor": {"enabled": true, "existingSecret": "m"}}}""")]
    [InlineData("""{"settings": {"MEMORY_CLUSTER_TLS_PASSWORD": "plain"}}""")]
    [InlineData("""{"colour": "red"}""")]
    [InlineData("""{"networkPolicy": {"egress": [{"from": []}]}}""")]
    [InlineData("""{"networkPolicy": {"webhooks": {"ports": ["https"]}}}""")]
    public void What_cannot_work_is_refused(string change) => Assert.False(IsGood(change));

    [Fact]
    public void Autoscaling_needs_a_processor_request()
    {
        var values = Values();
        values["gateway"]!["resources"]!["requests"]!.AsObject().Remove("cpu");
        Assert.False(IsGood(values));
        values["gateway"]!["autoscaling"]!["enabled"] = false;
        Assert.True(IsGood(values));
    }

    private static bool IsGood(string change = "{}")
    {
        var values = Values();
        Merge(values, JsonNode.Parse(change)!.AsObject());
        return IsGood(values);
    }

    private static bool IsGood(JsonObject values)
    {
        using var document = JsonDocument.Parse(values.ToJsonString());
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    // As helm puts values over the chart's own.
    private static void Merge(JsonObject values, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is JsonObject inner && values[name] is JsonObject below)
                Merge(below, inner);
            else
                values[name] = value?.DeepClone();
        }
    }

    private static JsonObject Values()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("deploy/helm/memory/values.yaml")));
        var values = (JsonObject)Read(yaml.Documents[0].RootNode)!;
        values["database"]!["existingSecret"] = "memory-database";
        values["apiKeys"]!["existingSecret"] = "memory-keys";
        return values;
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(
            map.Children.Select(static pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Read(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new InvalidDataException(node.ToString()),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" or "false" => JsonValue.Create(text == "true"),
        _ => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number) : JsonValue.Create(text),
    };
}
