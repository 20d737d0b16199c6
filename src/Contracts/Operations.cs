using System.ComponentModel.DataAnnotations;

namespace MemoryOrleans.Contracts;

/// <summary>The state of the service, each part checked just now.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> when a part is not healthy.</param>
/// <param name="Version">The release.</param>
/// <param name="Environment">Where it runs, by setting.</param>
/// <param name="CheckedAt">When.</param>
/// <param name="Components">Its parts.</param>
public sealed record HealthResponse(
    [property: AllowedValues("ok", "degraded")] string Status,
    string Version,
    string Environment,
    DateTimeOffset CheckedAt,
    IReadOnlyList<ComponentHealthResponse> Components);

/// <summary>One part: <c>store</c>, <c>index</c>, <c>embedder</c> or <c>schedule</c>.</summary>
/// <param name="Name">Which part.</param>
/// <param name="Healthy">Whether it works.</param>
/// <param name="LatencyMs">How long the check took, in milliseconds.</param>
/// <param name="Detail">What it says of itself.</param>
public sealed record ComponentHealthResponse(string Name, bool Healthy, double LatencyMs, string Detail);

/// <summary>The answer of a probe.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
public sealed record ProbeResponse(string Status);

/// <summary>How much the caller's tenant holds.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Sessions">Its sessions.</param>
/// <param name="Turns">Its turns.</param>
/// <param name="Users">Its users.</param>
/// <param name="LastRecordedAt">When its newest turn was recorded; null: it has none.</param>
public sealed record SummaryResponse(string Tenant, long Sessions, long Turns, long Users, DateTimeOffset? LastRecordedAt);
