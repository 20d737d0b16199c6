using MemoryOrleans.Erasures;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Erasures of tenants as a whole.</content>
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    /// <remarks>There is no other process.</remarks>
    public TimeSpan TenantErasureHold => TimeSpan.Zero;

    public async Task<Outcome<TenantErasure>> BeginTenantErasureAsync(
        string tenant, TenantErasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel)
    {
        var begun = await WriteAsync(transaction => transaction.TenantErasures.Begin(tenant, erasure, entry, dueAt), cancel);
        ring?.Forget(tenant);
        return begun;
    }

    public async Task<long> EraseTenantRowsAsync(string tenant, string id, int limit, CancellationToken cancel) =>
        await WriteAsync(transaction => transaction.TenantErasures.RemoveRows(tenant, id, limit), cancel, limit);

    public async Task<bool> CompleteTenantErasureAsync(
        string tenant, string id, DateTimeOffset completedAt, AuditEntry entry, CancellationToken cancel)
    {
        var isDone = await WriteAsync(transaction => transaction.TenantErasures.Complete(tenant, id, completedAt, entry), cancel);
        ring?.Forget(tenant);
        return isDone;
    }

    public ValueTask<TenantErasure?> FindTenantErasureAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, TenantErasureWrites.Find, cancel);
}
