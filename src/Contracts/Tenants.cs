using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MemoryOrleans.Contracts;

/// <summary>What an operator sets for a tenant, in place of all that was set before.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TenantSettingsRequest
{
    /// <summary>Turns that may be appended in a minute over all processes; null or not given: as many as can be.</summary>
    [Range(1, 10_000_000)]
    public int? TurnsPerMinuteMax { get; init; }

    /// <summary>Requests in a minute over all processes; null or not given: what MEMORY_TENANT_REQUESTS_PER_MINUTE says.</summary>
    [Range(1, 100_000_000)]
    public int? RequestsPerMinuteMax { get; init; }

    /// <summary>Memories that agents write in a minute; null or not given: what MEMORY_TENANT_MEMORIES_PER_MINUTE says.</summary>
    [Range(1, 100_000_000)]
    public int? MemoriesPerMinuteMax { get; init; }

    /// <summary>Bytes of JSON bodies in a minute; null or not given: what MEMORY_TENANT_KILOBYTES_PER_MINUTE says.</summary>
    [Range(1, 1_000_000_000_000)]
    public long? BytesPerMinuteMax { get; init; }

    /// <summary>
    /// Recalls in a minute, those for a context among them; null or not given: what MEMORY_TENANT_RECALLS_PER_MINUTE says.
    /// </summary>
    [Range(1, 100_000_000)]
    public int? RecallsPerMinuteMax { get; init; }

    /// <summary>What one key may have of each of these limits; null or not given: what MEMORY_TENANT_KEY_SHARE_PERCENT says.</summary>
    [Range(1, 100)]
    public int? KeySharePercent { get; init; }

    /// <summary>What is taken out of texts before they are stored: of secrets, emails, ibans, cards, addresses and phones, each once;
    /// empty: nothing;
    /// null or not given: what MEMORY_REDACT says.</summary>
    [MaxLength(6)]
    public IReadOnlyList<string>? Redact { get; init; }
}

/// <summary>What an operator changes for a tenant: what is absent stays as it is, null unsets it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EditTenantRequest
{
    /// <summary>Turns that may be appended in a minute over all processes, 1 to 10,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 10_000_000)]
    public JsonElement TurnsPerMinuteMax { get; init; }

    /// <summary>Requests in a minute over all processes, 1 to 100,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 100_000_000)]
    public JsonElement RequestsPerMinuteMax { get; init; }

    /// <summary>Memories that agents write in a minute, 1 to 100,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 100_000_000)]
    public JsonElement MemoriesPerMinuteMax { get; init; }

    /// <summary>Bytes of JSON bodies in a minute, 1 to 1,000,000,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 1_000_000_000_000)]
    public JsonElement BytesPerMinuteMax { get; init; }

    /// <summary>Recalls in a minute, those for a context among them, 1 to 100,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 100_000_000)]
    public JsonElement RecallsPerMinuteMax { get; init; }

    /// <summary>What one key may have of each of these limits, 1 to 100.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Range(1, 100)]
    public JsonElement KeySharePercent { get; init; }

    /// <summary>
    /// What is taken out of texts before they are stored: of secrets, emails, ibans, cards, addresses and phones, each once; empty:
    /// nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [MaxLength(6)]
    public JsonElement Redact { get; init; }
}

/// <summary>A tenant and what is set for it; null: nothing is.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="TurnsPerMinuteMax">Turns that may be appended in a minute over all processes; null: as many as can be.</param>
/// <param name="RequestsPerMinuteMax">Requests in a minute over all processes.</param>
/// <param name="MemoriesPerMinuteMax">Memories that agents write in a minute.</param>
/// <param name="BytesPerMinuteMax">Bytes of JSON bodies in a minute.</param>
/// <param name="RecallsPerMinuteMax">Recalls in a minute, those for a context among them.</param>
/// <param name="KeySharePercent">What one key may have of each of these limits.</param>
/// <param name="Redact">What is taken out of texts before they are stored; empty: nothing.</param>
public sealed record TenantResponse(
    string Tenant, int? TurnsPerMinuteMax, int? RequestsPerMinuteMax, int? MemoriesPerMinuteMax, long? BytesPerMinuteMax,
    int? RecallsPerMinuteMax,
    int? KeySharePercent, IReadOnlyList<string>? Redact);

/// <summary>The erasure of a tenant as a whole and, once it is done, its certificate. It holds names and numbers, never content.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Id">The erasure's id.</param>
/// <param name="State"><c>running</c> or <c>done</c>.</param>
/// <param name="Requester">Which credential asked for it.</param>
/// <param name="RequestedAt">When it was asked for: from then on nothing of the tenant was stored.</param>
/// <param name="CompletedAt">When it was done; null while it runs.</param>
/// <param name="Rows">Rows removed, by table; of <c>tenant_keys</c>: data keys destroyed. Of a running one, those so far.</param>
public sealed record TenantErasureResponse(
    string Tenant,
    string Id,
    [property: AllowedValues("running", "done")] string State,
    string Requester,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt,
    IReadOnlyDictionary<string, long> Rows);

/// <summary>The tenants that the caller administers: its own.</summary>
/// <param name="Items">The page, in the order the call says.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last one.</param>
public sealed record TenantPage(IReadOnlyList<TenantResponse> Items, string? NextCursor);
