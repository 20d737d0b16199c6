namespace MemoryOrleans.Tenancy;

/// <summary>Who did what, when, to what. It holds ids, never content.</summary>
/// <param name="Caller">Which credential, never the credential itself.</param>
/// <param name="Action">For instance <c>erasure.requested</c>.</param>
/// <param name="Subject">For instance <c>session:ID</c>.</param>
public sealed record AuditEntry(DateTimeOffset At, string Caller, string Action, string Subject);

/// <summary>Port of the audit trail, which is only ever added to. Implementations pass <c>tests/Storage.Conformance</c>.</summary>
public interface IAuditStore
{
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel);

    /// <summary>Newest first. A malformed cursor yields an InvalidInput error on field <c>cursor</c>.</summary>
    ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel);
}
