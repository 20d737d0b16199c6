using MemoryOrleans.Erasures;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Erasures of tenants as a whole.</content>
public sealed partial class PostgresStore
{
    private static readonly TimeSpan HoldMargin = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    /// <remarks>Until no process goes by the data key that was destroyed; none where texts are not sealed.</remarks>
    public TimeSpan TenantErasureHold => ring is null ? TimeSpan.Zero : KeyRing.FreshFor + HoldMargin;

    /// <inheritdoc/>
    /// <remarks>The due work comes first: without its erasure it finds nothing to do and ends.</remarks>
    public async Task<Outcome<TenantErasure>> BeginTenantErasureAsync(
        string tenant, TenantErasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel)
    {
        if (await FindTenantErasureAsync(tenant, cancel) is { IsDone: false } running)
            return running;
        await WakeAsync(tenant, DueKinds.TenantErasure, erasure.Id, dueAt, cancel);
        var isBegun = await tenantRows.TryBeginAsync(tenant, erasure, entry, cancel);
        ring?.Forget(tenant);
        // Another process may have been faster.
        if (await FindTenantErasureAsync(tenant, cancel) is { IsDone: false } begun)
            return begun;
        return isBegun
            ? erasure
            : new MemoryError(ErrorCode.Conflict, "The tenant is being moved to another database; erase it when that is done.");
    }

    public async Task<long> EraseTenantRowsAsync(string tenant, string id, int limit, CancellationToken cancel) =>
        await FindTenantErasureAsync(tenant, cancel) is { IsDone: false } running && running.Id == id
            ? await tenantRows.RemoveAsync(tenant, id, limit, cancel) : 0;

    public async Task<bool> CompleteTenantErasureAsync(
        string tenant, string id, DateTimeOffset completedAt, AuditEntry entry, CancellationToken cancel)
    {
        var isDone = await tenantRows.CompleteAsync(tenant, id, completedAt, entry, cancel);
        ring?.Forget(tenant);
        return isDone;
    }

    public ValueTask<TenantErasure?> FindTenantErasureAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(EraseTenantRows.Find, tenant, true, cancel);
}
