using MemoryOrleans.Gateway.Metrics;
using MemoryOrleans.Scripted.Collector;
using MemoryOrleans.Settings;
using Microsoft.Extensions.Configuration;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>Traces and metrics are sent to a collector that the settings name.</summary>
[Collection(Alone.Name)]
public sealed class OtlpTests
{
    [Fact]
    public async Task Requests_and_metrics_reach_the_collector_with_its_headers_before_the_process_ends()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var gateway = await RunningGateway.StartAsync(
            $"MEMORY_OTLP_ENDPOINT={collector.Address}", "MEMORY_OTLP_HEADERS=x-key=collector-key", "MEMORY_OTLP_TRACES_RATIO=1"))
        {
            await gateway.PostAsync("/v1/sessions/traced/turns", Calls.Said("something private"));
            await gateway.GetAsync("/health/live");
        }

        var traces = collector.Bodies["/v1/traces"];
        Assert.Contains(Attribute("/v1/sessions/{id}/turns"), traces, StringComparison.Ordinal);
        // The test's own client is traced as well, by whole addresses.
        Assert.DoesNotContain(Attribute("/health/live"), traces, StringComparison.Ordinal);
        Assert.DoesNotContain("something private", traces, StringComparison.Ordinal);
        Assert.Contains("memory_appends", collector.Bodies["/v1/metrics"], StringComparison.Ordinal);
        Assert.All(collector.Keys, static key => Assert.Equal("collector-key", key));
    }

    [Theory]
    [InlineData("MEMORY_OTLP_ENDPOINT=collector:4318")]
    [InlineData("MEMORY_OTLP_ENDPOINT=http://user:password@collector:4318")]
    [InlineData("MEMORY_OTLP_ENDPOINT=http://collector:4318?key=1")]
    [InlineData("MEMORY_OTLP_ENDPOINT=http://collector:4318", "MEMORY_OTLP_HEADERS=key")]
    [InlineData("MEMORY_OTLP_ENDPOINT=http://collector:4318", "MEMORY_OTLP_TRACES_RATIO=2")]
    [InlineData("MEMORY_OTLP_HEADERS=x-key=1")]
    public void What_cannot_be_a_collector_is_refused_at_the_start(params string[] settings) =>
        Assert.StartsWith("MEMORY_OTLP_", Assert.Single(Read(settings).Errors), StringComparison.Ordinal);

    [Fact]
    public void Signals_have_paths_below_the_collectors()
    {
        Assert.Equal("http://collector:4318/v1/traces", Of("http://collector:4318", "traces"));
        Assert.Equal("https://collector/otlp/v1/metrics", Of("https://collector/otlp/", "metrics"));

        static string Of(string collector, string signal) => new OtlpOptions(new Uri(collector), null, 1).Of(signal).AbsoluteUri;
    }

    /// <summary>A short text as protobuf has it: the field's tag, the length, the text.</summary>
    private static string Attribute(string value) => $"\n{(char)value.Length}{value}";

    private static MemorySettings Read(string[] settings)
    {
        var pairs = settings.Select(static each => each.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => (string?)pair[1], StringComparer.Ordinal);
        var read = new MemorySettings(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
        OtlpOptions.Read(read);
        return read;
    }
}
