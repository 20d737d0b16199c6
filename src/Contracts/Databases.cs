using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>One of the databases that tenants are in.</summary>
/// <param name="Name">home, or the name that MEMORY_DATABASES gives it.</param>
/// <param name="Tenants">Tenants placed there; those that home had before there were several are not counted.</param>
/// <param name="Bytes">Its size on the server's disk; null when it cannot be reached, or there is one database only.</param>
/// <param name="Fault">Why it cannot be used just now; null when it can.</param>
public sealed record DatabaseResponse(string Name, long Tenants, long? Bytes, string? Fault);

/// <summary>All of them, home first.</summary>
/// <param name="Items">Each asked just now.</param>
public sealed record DatabaseList(IReadOnlyList<DatabaseResponse> Items);

/// <summary>Where a tenant is to be.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TenantDatabaseRequest
{
    /// <summary>One of the databases of GET /v1/admin/databases.</summary>
    [Required]
    [StringLength(40, MinimumLength = 1)]
    public string? Database { get; init; }
}

/// <summary>Where a tenant is.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Database">Its database; null while it has none: its first write gives it the emptiest.</param>
public sealed record TenantDatabaseResponse(string Tenant, string? Database);

/// <summary>A tenant's newest move from one database to another.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Source">The database that it was in.</param>
/// <param name="Target">The database that it is to be in.</param>
/// <param name="State">copying: reads and writes go on; holding: writes are answered 503; switched: the tenant is in the target, and the
/// source is cleared; done; failed: the tenant is in the source.</param>
/// <param name="Rows">Rows copied so far.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it was done or had failed; null before.</param>
/// <param name="HeldFrom">When writes were first held; null before.</param>
/// <param name="HeldUntil">When they were taken again; null before.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record TenantMoveResponse(
    string Tenant, string Source, string Target, string State, long Rows, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? HeldFrom,
    DateTimeOffset? HeldUntil, string? Error);
