using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>What an operator sets for a tenant, in place of all that was set before.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TenantSettingsRequest
{
    /// <summary>Turns that may be appended in a minute over all processes; null or not given: as many as can be.</summary>
    [Range(1, 10_000_000)]
    public int? TurnsPerMinuteMax { get; init; }
}

/// <summary>A tenant and what is set for it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="TurnsPerMinuteMax">Turns that may be appended in a minute over all processes; null: as many as can be.</param>
public sealed record TenantResponse(string Tenant, int? TurnsPerMinuteMax);

/// <summary>The tenants that the caller administers: its own.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record TenantPage(IReadOnlyList<TenantResponse> Items, string? NextCursor);
