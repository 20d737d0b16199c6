using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Receipts of erasures, and the audit trail.</content>
public sealed partial class PostgresStore : IAuditStore
{
    /// <inheritdoc/>
    /// <remarks>The due work comes first: without its erasure it finds nothing to do and ends.</remarks>
    public async Task BeginErasureAsync(string tenant, Erasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel)
    {
        await WakeAsync(tenant, DueKinds.Erasure, erasure.Id, dueAt, cancel);
        await reads.WriteAsync(ErasureQueries.Begin, tenant, (erasure, entry), cancel);
    }

    public async Task NoteErasedAsync(
        string tenant, string id, IReadOnlyCollection<string> items, ErasureCounts others, CancellationToken cancel) =>
        await reads.WriteAsync(ErasureQueries.Note, tenant, (id, items.ToArray(), others), cancel);

    public ValueTask<IReadOnlyList<string>> ReadErasedAsync(
        string tenant, string id, string? afterItem, int limit, CancellationToken cancel) =>
        reads.ReadPlainAsync(ErasureQueries.Items, tenant, (id, afterItem, limit), cancel);

    public async Task<bool> CompleteErasureAsync(string tenant, Erasure done, AuditEntry entry, CancellationToken cancel) =>
        await reads.WriteAsync(ErasureQueries.Complete, tenant, (done, entry), cancel);

    public ValueTask<Erasure?> FindErasureAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadPlainAsync(ErasureQueries.Find, tenant, id, cancel);

    public async ValueTask<Outcome<Page<Erasure>>> ListErasuresAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "erasures");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadPlainAsync(ErasureQueries.List, tenant, (before.Value, limit), cancel);
    }

    public async Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel) =>
        await reads.WriteAsync(ErasureQueries.Append, tenant, entry, cancel);

    public ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAuditAsync(string tenant, long afterKey, int limit, CancellationToken cancel) =>
        reads.ReadPlainAsync(ErasureQueries.ReadAudit, tenant, (afterKey, limit), cancel);

    public ValueTask<AuditAnchor> ReadAuditAnchorAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(AuditPruning.ReadAnchor, tenant, true, cancel);

    public async Task<long> PruneAuditAsync(
        string tenant, DateTimeOffset before, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await reads.WriteAsync(AuditPruning.Prune, tenant, (before, limit, now), cancel);

    public async ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "the audit trail");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadPlainAsync(ErasureQueries.ListAudit, tenant, (before.Value, limit), cancel);
    }
}
