using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Erasures;

/// <summary>
/// Erasing for good, by memory, turn, session or user. What is absent, erased already or another tenant's looks the same: NotFound.
/// </summary>
public interface IErasureOperations
{
    /// <summary>
    /// Records the erasure and carries it out, for as long as <paramref name="patience"/>; what takes longer goes on by due
    /// work. The answer is the receipt, or the erasure still running. PreconditionFailed when a session or memory has another
    /// version; StoreUnavailable.
    /// </summary>
    /// <param name="target">
    /// A turn may also be named as recall names it, by its session and seq with a colon between: where the turn's id is
    /// wanted, or a memory's. The erasure that is answered then names it by its own id.
    /// </param>
    /// <param name="ifMatchVersion">Of the memory, or of the session; of a turn, its session's.</param>
    /// <param name="requester">Which credential asks.</param>
    Task<Outcome<Erasure>> EraseAsync(
        string tenant, ErasureTarget target, long? ifMatchVersion, string requester, TimeSpan patience, CancellationToken cancel);

    Task<Outcome<Erasure>> GetAsync(string tenant, string id, CancellationToken cancel);

    /// <summary>Newest first. A malformed cursor is InvalidInput on field <c>cursor</c>.</summary>
    Task<Outcome<Page<Erasure>>> ListAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    /// <summary>The audit trail, newest first. A malformed cursor is InvalidInput on field <c>cursor</c>.</summary>
    Task<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// Erases a tenant as a whole, for good: every row of it but the audit trail, and its data key. The certificate, or the erasure still
    /// running after <paramref name="patience"/>, which due work ends; asked for again meanwhile, it is the same one. Conflict while the
    /// tenant is being moved; StoreUnavailable.
    /// </summary>
    /// <param name="requester">Which credential asks.</param>
    /// <param name="requesterTenant">The tenant of that credential: its audit trail is told as well.</param>
    Task<Outcome<TenantErasure>> EraseTenantAsync(
        string tenant, string requester, string requesterTenant, TimeSpan patience, CancellationToken cancel);

    /// <summary>The newest erasure of the tenant as a whole; NotFound when it was never erased.</summary>
    Task<Outcome<TenantErasure>> GetTenantErasureAsync(string tenant, CancellationToken cancel);
}
