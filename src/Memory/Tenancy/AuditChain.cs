using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MemoryOrleans.Tenancy;

/// <summary>
/// Chains a tenant's audit trail: each entry's hash is over the hash before and the entry itself, so that one who changes,
/// removes or slips in an entry would have to change every later hash, and the last one is easily written down elsewhere.
/// </summary>
public static class AuditChain
{
    /// <summary>
    /// SHA-256 in lower-case hex over lines of UTF-8: the hash before (empty for the first), tenant, microseconds since 1970,
    /// caller, action, subject, request id, outcome. Stores that hash by SQL do it the same.
    /// </summary>
    public static string HashOf(string? previous, string tenant, AuditEntry entry)
    {
        var text = string.Join(
            '\n', previous ?? string.Empty, tenant, Timestamp.Of(entry.At).ToString(CultureInfo.InvariantCulture), entry.Caller,
            entry.Action,
            entry.Subject, entry.RequestId, entry.Outcome);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>What a look at a tenant's whole audit trail found.</summary>
/// <param name="Entries">All of them.</param>
/// <param name="Unchained">Those at its beginning that a release without a chain wrote.</param>
/// <param name="Head">The last hash; null when there is none.</param>
/// <param name="Broken">The first entry that does not follow from the one before it; null when the trail is whole.</param>
/// <param name="BrokenAt">Its place, counted from 1; 0 when the trail is whole.</param>
public sealed record AuditVerification(long Entries, long Unchained, string? Head, AuditEntry? Broken, long BrokenAt)
{
    /// <summary>How many were removed from its beginning by retention, over all time.</summary>
    public long Removed { get; init; }
}

/// <summary>The audit trail, as whoever serves callers uses it.</summary>
public interface IAuditOperations
{
    /// <exception cref="StoreUnavailableException">The store cannot write.</exception>
    Task AppendAsync(string tenant, AuditEntry entry, CancellationToken cancel);

    Task<AuditVerification> VerifyAsync(string tenant, CancellationToken cancel);

    /// <summary>Where the trail begins.</summary>
    ValueTask<AuditAnchor> ReadAnchorAsync(string tenant, CancellationToken cancel);

    /// <summary>Entries behind a key, 0 for all, in the order they were added, with their hashes.</summary>
    ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAsync(string tenant, long afterKey, int limit, CancellationToken cancel);
}

/// <summary>Adds to the audit trail and looks whether it is whole.</summary>
public sealed class AuditOperations(IAuditStore store) : IAuditOperations
{
    private const int EntriesAtOnce = 1_000;

    public Task AppendAsync(string tenant, AuditEntry entry, CancellationToken cancel) => store.AppendAuditAsync(tenant, entry, cancel);

    public async Task<AuditVerification> VerifyAsync(string tenant, CancellationToken cancel)
    {
        // Entries that retention removes meanwhile are missing from what is read: then it is read again from the new beginning.
        AuditAnchor anchor;
        AuditVerification found;
        do
        {
            anchor = await store.ReadAuditAnchorAsync(tenant, cancel);
            found = await VerifyAsync(tenant, anchor, cancel);
        }
        while (found.Broken is not null && await store.ReadAuditAnchorAsync(tenant, cancel) != anchor);
        return found;
    }

    public ValueTask<AuditAnchor> ReadAnchorAsync(string tenant, CancellationToken cancel) => store.ReadAuditAnchorAsync(tenant, cancel);

    public ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAsync(string tenant, long afterKey, int limit, CancellationToken cancel) =>
        store.ReadAuditAsync(tenant, afterKey, limit, cancel);

    private async Task<AuditVerification> VerifyAsync(string tenant, AuditAnchor anchor, CancellationToken cancel)
    {
        var found = new AuditVerification(0, 0, anchor.Hash, null, 0) { Removed = anchor.Removed };
        for (var after = 0L; ;)
        {
            var rows = await store.ReadAuditAsync(tenant, after, EntriesAtOnce, cancel);
            foreach (var row in rows)
            {
                found = found with { Entries = found.Entries + 1 };
                if (row.Hash is null && found.Head is null)
                    found = found with { Unchained = found.Unchained + 1 };
                else if (row.Hash != AuditChain.HashOf(found.Head, tenant, row.Entry))
                    return found with { Broken = row.Entry, BrokenAt = found.Entries };
                else
                    found = found with { Head = row.Hash };
            }

            if (rows.Count < EntriesAtOnce)
                return found;
            after = rows[^1].Key;
        }
    }
}
