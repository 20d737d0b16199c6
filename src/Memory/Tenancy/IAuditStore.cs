namespace MemoryOrleans.Tenancy;

/// <summary>Who did what, when, to what, and how it ended. It holds ids, never content.</summary>
/// <param name="Caller">Which credential, never the credential itself.</param>
/// <param name="Action">For instance <c>erasure.requested</c>, or the id of an operation of the API.</param>
/// <param name="Subject">For instance <c>session:ID</c>; empty where the action says it all.</param>
public sealed record AuditEntry(DateTimeOffset At, string Caller, string Action, string Subject)
{
    /// <summary>The X-Request-Id of the request; empty for what no request did.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>The status that a request was answered with; empty for what no request did.</summary>
    public string Outcome { get; init; } = string.Empty;
}

/// <summary>An entry as it is stored.</summary>
/// <param name="Key">Grows with each entry of the tenant.</param>
/// <param name="Hash">What chains it to the one before (<see cref="AuditChain"/>); null for those of releases without a chain.</param>
public readonly record struct StoredAuditEntry(long Key, AuditEntry Entry, string? Hash);

/// <summary>Where a trail begins after its oldest entries were removed by retention.</summary>
/// <param name="Removed">How many were, over all time.</param>
/// <param name="Hash">That of the last of them, which the next is chained to; null when none of them had one.</param>
public readonly record struct AuditAnchor(long Removed, string? Hash);

/// <summary>
/// Port of the audit trail, which is only ever added to, but that retention removes from its beginning. Implementations pass
/// <c>tests/Storage.Conformance</c>.
/// </summary>
public interface IAuditStore
{
    /// <summary>Adds an entry, chained to the tenant's last one.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel);

    /// <summary>Newest first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    /// <summary>Entries behind a key in the order they were added, with their hashes.</summary>
    /// <param name="afterKey">0: from the first.</param>
    ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAuditAsync(string tenant, long afterKey, int limit, CancellationToken cancel);

    /// <summary>Where the trail begins; nothing was removed and no hash where it is whole.</summary>
    ValueTask<AuditAnchor> ReadAuditAnchorAsync(string tenant, CancellationToken cancel);

    /// <summary>
    /// Removes the oldest entries, up to the first that is not older than <paramref name="before"/>, after adding one that says so
    /// (<c>audit.pruned</c>, its
    /// outcome the last hash removed); the number removed.
    /// </summary>
    /// <param name="limit">Most to remove.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task<long> PruneAuditAsync(string tenant, DateTimeOffset before, int limit, DateTimeOffset now, CancellationToken cancel);
}
