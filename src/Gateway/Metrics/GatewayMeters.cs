using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using MemoryOrleans.Gateway.Settings;

namespace MemoryOrleans.Gateway.Metrics;

/// <summary>What the gateway counts and times. No label holds anything a caller can make up, but for the tenant.</summary>
internal sealed class GatewayMeters
{
    public const string MeterName = "MemoryOrleans.Gateway";

    private const string Other = "other";

    private static readonly double[] SecondsBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly FrozenSet<string> Methods =
        new[] { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly object[] Statuses = Enumerable.Range(0, 600).Select(status => (object)status).ToArray();

    private static readonly string[] Classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly ConcurrentDictionary<string, object> tenants = new(StringComparer.Ordinal);
    private readonly int tenantsMax;
    private readonly Counter<long> requests;
    private readonly LabelledCount answers;
    private readonly Histogram<double> requestSeconds;
    private readonly Counter<long> appends;
    private readonly Counter<long> appendedTurns;
    private readonly Counter<long> recalls;
    private readonly Counter<long> degradedRecalls;
    private readonly Histogram<double> recallSeconds;

    public GatewayMeters(IMeterFactory factory, GatewayOptions options)
    {
        tenantsMax = options.MetricsTenantsMax;
        var meter = factory.Create(MeterName);
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBounds };
        requests = meter.CreateCounter<long>("memory_http_requests", description: "Requests answered, by route, method and status.");
        requestSeconds = meter.CreateHistogram("memory_http_request_seconds", "s", "Time from a request's head to its answer.",
            advice: seconds);
        appends = meter.CreateCounter<long>("memory_appends", description: "Appends acknowledged, without replays.");
        appendedTurns = meter.CreateCounter<long>("memory_appended_turns", description: "Turns acknowledged, without replays.");
        recalls = meter.CreateCounter<long>("memory_recalls", description: "Recalls answered.");
        degradedRecalls = meter.CreateCounter<long>("memory_recalls_degraded",
            description: "Recalls answered without an arm that should have taken part.");
        answers = new LabelledCount(
            meter, "memory_http_answers", "class", Classes, description: "Requests answered, by class of status, over all routes.");
        recallSeconds = meter.CreateHistogram("memory_recall_seconds", "s", "Time of a recall, from its body to its items.",
            advice: seconds);
        RateLimited = meter.CreateCounter<long>("memory_rate_limited", description: "Requests answered 429.");
        Overloaded = meter.CreateCounter<long>("memory_requests_shed",
            description: "Requests answered 503 because too many were under way.");
        ConnectionsRefused = meter.CreateCounter<long>(
            "memory_connections_refused",
            description: "Connections closed because all were in use, the new one or the oldest without a valid key.");
        Refused = meter.CreateCounter<long>("memory_requests_refused", description: "Requests answered 401 or 403, by reason.");
        Failures = meter.CreateCounter<long>("memory_request_failures", description: "Requests that ended in an unexpected exception.");
    }

    public Counter<long> RateLimited { get; }

    public Counter<long> Overloaded { get; }

    public Counter<long> ConnectionsRefused { get; }

    public Counter<long> Refused { get; }

    public Counter<long> Failures { get; }

    /// <summary>
    /// Shows counters at 0: what first counts at 1 has no increase that an alert could see. Called when whoever collects is
    /// listening. Of tenants only those without a name of their own are known beforehand.
    /// </summary>
    public void StartAtZero()
    {
        foreach (var counter in new[] { RateLimited, Overloaded, ConnectionsRefused, Failures })
            counter.Add(0);
        foreach (var counter in new[] { appends, appendedTurns, recalls, degradedRecalls })
            counter.Add(0, new KeyValuePair<string, object?>("tenant", Other));
        foreach (var reason in new[] { "unauthenticated", "forbidden" })
            Refused.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    /// <summary>The tenant by name, as long as there are not too many of them.</summary>
    private KeyValuePair<string, object?> TagOf(string tenant)
    {
        if (!tenants.TryGetValue(tenant, out var name) && tenants.Count < tenantsMax)
            name = tenants.GetOrAdd(tenant, tenant);
        return new KeyValuePair<string, object?>("tenant", name ?? Other);
    }

    public void Request(string? route, string method, int status, TimeSpan elapsed)
    {
        var routeTag = new KeyValuePair<string, object?>("route", route ?? "none");
        var methodTag = new KeyValuePair<string, object?>("method", Methods.Contains(method) ? method : "other");
        requests.Add(1, routeTag, methodTag,
            new KeyValuePair<string, object?>("status", Statuses[Math.Clamp(status, 0, Statuses.Length - 1)]));
        answers.Add(Classes[Math.Clamp((status / 100) - 1, 0, Classes.Length - 1)]);
        requestSeconds.Record(elapsed.TotalSeconds, routeTag, methodTag);
    }

    public void Appended(string tenant, int turns)
    {
        var tag = TagOf(tenant);
        appends.Add(1, tag);
        appendedTurns.Add(turns, tag);
    }

    public void Recalled(string tenant, TimeSpan elapsed, bool isDegraded)
    {
        var tag = TagOf(tenant);
        recalls.Add(1, tag);
        degradedRecalls.Add(isDegraded ? 1 : 0, tag);
        recallSeconds.Record(elapsed.TotalSeconds, tag);
    }
}
