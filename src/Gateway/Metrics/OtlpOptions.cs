using MemoryOrleans.Gateway.Settings;
using MemoryOrleans.Settings;

namespace MemoryOrleans.Gateway.Metrics;

/// <summary>Where traces and metrics are sent beside <c>/metrics</c>.</summary>
/// <param name="Endpoint">MEMORY_OTLP_ENDPOINT: the collector, without a path of a signal.</param>
/// <param name="Headers">MEMORY_OTLP_HEADERS: sent along, <c>name=value</c> separated by commas.</param>
/// <param name="TracesRatio">MEMORY_OTLP_TRACES_RATIO: share of the requests that are traced, 0 to 1.</param>
public sealed record OtlpOptions(Uri Endpoint, string? Headers, double TracesRatio)
{
    /// <summary>Null when no collector is named.</summary>
    public static OtlpOptions? Read(MemorySettings settings)
    {
        var endpoint = settings.Read(
            new SettingDefinition(
                "MEMORY_OTLP_ENDPOINT", null, string.Empty, "http://HOST:PORT or https://HOST:PORT",
                "OpenTelemetry collector to which traces and metrics are sent, by OTLP over HTTP. Default: none, and nothing is traced."),
            null,
            (string text, out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value) && IsCollector(value));
        var headers = settings.Read<string?>(
            new SettingDefinition(
                "MEMORY_OTLP_HEADERS", null, string.Empty, "NAME=VALUE, separated by commas",
                "Sent with everything to the collector, for instance its key.", Secret: true),
            null,
            (string text, out string? value) => AreHeaders(value = text));
        var ratio = settings.Number(
            "MEMORY_OTLP_TRACES_RATIO", 0.1, 0, 1, "requests",
            "Share of the requests that are traced; a caller's own sampling goes before it.");
        if (endpoint is null && headers is not null)
            settings.Reject("MEMORY_OTLP_HEADERS", "needs MEMORY_OTLP_ENDPOINT");
        return endpoint is null ? null : new OtlpOptions(endpoint, headers, ratio);
    }

    /// <summary>Where one of the signals, traces or metrics, goes.</summary>
    public Uri Of(string signal) => new(new Uri(Endpoint.AbsoluteUri.TrimEnd('/') + '/'), $"v1/{signal}");

    private static bool IsCollector(Uri address) =>
        address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;

    private static bool AreHeaders(string text) => text.Split(',').All(static part => part.Trim().IndexOf('=') > 0);
}
