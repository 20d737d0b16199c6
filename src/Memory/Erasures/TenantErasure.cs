namespace MemoryOrleans.Erasures;

/// <summary>
/// The erasure of a tenant as a whole, and, once it is done, its certificate. It outlives what it erased, together with the tenant's
/// audit trail; it holds names and numbers, never content.
/// </summary>
/// <param name="Id">Unique within the tenant.</param>
/// <param name="Requester">Which credential asked for it.</param>
/// <param name="RequesterTenant">The tenant of that credential, whose audit trail is told when it is done.</param>
public sealed record TenantErasure(string Id, string Requester, string RequesterTenant, DateTimeOffset RequestedAt)
{
    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Rows removed so far, by table, in the order of their names; of <c>tenant_keys</c>: data keys destroyed.</summary>
    public IReadOnlyList<ErasedRows> Rows { get; init; } = [];

    public bool IsDone => CompletedAt is not null;
}

/// <summary>How many rows of a table a tenant's erasure removed.</summary>
public readonly record struct ErasedRows(string Table, long Count);
