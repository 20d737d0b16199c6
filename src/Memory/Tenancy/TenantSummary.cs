namespace MemoryOrleans.Tenancy;

/// <summary>How much a tenant holds.</summary>
public sealed record TenantSummary(string Tenant, long Sessions, long Turns, long Users, DateTimeOffset? LastRecordedAt);
