namespace MemoryOrleans.Contracts;

/// <summary>The state of the service, each part checked just now.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> when a part is not healthy.</param>
public sealed record HealthResponse(
    string Status,
    string Version,
    string Environment,
    DateTimeOffset CheckedAt,
    IReadOnlyList<ComponentHealthResponse> Components);

/// <summary>One part: <c>store</c>, <c>index</c>, <c>embedder</c> or <c>schedule</c>.</summary>
public sealed record ComponentHealthResponse(string Name, bool Healthy, double LatencyMs, string Detail);

/// <summary>The answer of a probe.</summary>
public sealed record ProbeResponse(string Status);

/// <summary>How much the caller's tenant holds.</summary>
public sealed record SummaryResponse(string Tenant, long Sessions, long Turns, long Users, DateTimeOffset? LastRecordedAt);
