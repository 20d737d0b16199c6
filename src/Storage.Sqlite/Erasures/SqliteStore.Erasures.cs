using MemoryOrleans.Erasures;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Receipts of erasures, and the audit trail.</content>
public sealed partial class SqliteStore : IAuditStore
{
    public async Task BeginErasureAsync(string tenant, Erasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => transaction.Erasures.Begin(tenant, erasure, entry, dueAt), cancel);

    public async Task NoteErasedAsync(
        string tenant, string id, IReadOnlyCollection<string> items, ErasureCounts others, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => transaction.Erasures.Note(tenant, id, items, others), cancel, Math.Max(1, items.Count));

    public ValueTask<IReadOnlyList<string>> ReadErasedAsync(
        string tenant, string id, string? afterItem, int limit, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id, afterItem, limit), ErasureQueries.ReadItems, cancel);

    public async Task<bool> CompleteErasureAsync(string tenant, Erasure done, AuditEntry entry, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => transaction.Erasures.Complete(tenant, done, entry), cancel);

    public ValueTask<Erasure?> FindErasureAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync((tenant, id), ErasureQueries.Find, cancel);

    public async ValueTask<Outcome<Page<Erasure>>> ListErasuresAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "erasures");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync((tenant, before.Value, limit), ErasureQueries.List, cancel);
    }

    public async Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel) =>
        await WriteAsync(transaction => transaction.Erasures.Append(tenant, entry), cancel);

    public ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAuditAsync(string tenant, long afterKey, int limit, CancellationToken cancel) =>
        reads.ReadAsync((tenant, afterKey, limit), ErasureQueries.ReadAudit, cancel);

    public ValueTask<AuditAnchor> ReadAuditAnchorAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, AuditPruning.ReadAnchor, cancel);

    public async Task<long> PruneAuditAsync(
        string tenant, DateTimeOffset before, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await WriteAsync(transaction => AuditPruning.Prune(transaction, tenant, before, limit, now), cancel);

    public async ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(string tenant, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "the audit trail");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync((tenant, before.Value, limit), ErasureQueries.ListAudit, cancel);
    }
}
