using MemoryOrleans.Erasures;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Settings, keys, audit, erasures and transfers, each in its tenant's database.</content>
public sealed partial class RoutedStore
{
    /// <inheritdoc/>
    /// <remarks>One database that answers is enough to take requests; <see cref="ListDatabasesAsync"/> tells of each.</remarks>
    public async ValueTask ProbeAsync(CancellationToken cancel)
    {
        var fault = string.Empty;
        await foreach (var asked in Task.WhenEach(databases.Select(each => each.FindFaultAsync(cancel))).WithCancellation(cancel))
        {
            if (await asked is not { } found)
                return;
            fault = found;
        }

        throw new StoreUnavailableException(fault);
    }

    /// <inheritdoc/>
    /// <remarks>Also the round in which databases that were out of reach catch up with the spaces of vectors.</remarks>
    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (home.IsUp)
            await FollowSpacesAsync(cancel);
        return (await AskEachAsync((store, token) => store.RemoveExpiredAsync(now, token), cancel)).Sum();
    }

    public async ValueTask<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).SummarizeAsync(tenant, cancel);

    public async ValueTask<TenantSettings> ReadSettingsAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadSettingsAsync(tenant, cancel);

    public async ValueTask SaveSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).SaveSettingsAsync(tenant, settings, cancel);

    public async ValueTask<ApiKey?> FindKeyAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindKeyAsync(tenant, id, cancel);

    public async ValueTask<Outcome<Page<ApiKey>>> ListKeysAsync(string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListKeysAsync(tenant, cursor, limit, cancel);

    public async ValueTask<bool> AddKeyAsync(
        string tenant, ApiKey key, int keysMax, DateTimeOffset endedBefore, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).AddKeyAsync(tenant, key, keysMax, endedBefore, cancel);

    public async ValueTask<bool> ChangeKeyAsync(string tenant, ApiKey key, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).ChangeKeyAsync(tenant, key, cancel);

    public async Task AppendAuditAsync(string tenant, AuditEntry entry, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).AppendAuditAsync(tenant, entry, cancel);

    public async ValueTask<Outcome<Page<AuditEntry>>> ListAuditAsync(
        string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListAuditAsync(tenant, cursor, limit, cancel);

    public async ValueTask<IReadOnlyList<StoredAuditEntry>> ReadAuditAsync(
        string tenant, long afterKey, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadAuditAsync(tenant, afterKey, limit, cancel);

    public async ValueTask<AuditAnchor> ReadAuditAnchorAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadAuditAnchorAsync(tenant, cancel);

    public async Task<long> PruneAuditAsync(
        string tenant, DateTimeOffset before, int limit, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).PruneAuditAsync(tenant, before, limit, now, cancel);

    public async Task<ErasureCounts> EraseTurnsAsync(
        SessionKey key, IReadOnlyCollection<long>? seqs, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToWriteAsync(key.Tenant, cancel)).EraseTurnsAsync(key, seqs, now, cancel);

    public Task<CommitStatus> RedactMemoryAsync(
        string tenant, MemoryWrite next, IReadOnlyList<MemoryRecord> redacted, CancellationToken cancel) =>
        CommitInAsync(tenant, store => store.RedactMemoryAsync(tenant, next, redacted, cancel), cancel);

    public async Task BeginErasureAsync(
        string tenant, Erasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).BeginErasureAsync(tenant, erasure, entry, dueAt, cancel);

    public async Task NoteErasedAsync(
        string tenant, string id, IReadOnlyCollection<string> items, ErasureCounts others, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).NoteErasedAsync(tenant, id, items, others, cancel);

    public async ValueTask<IReadOnlyList<string>> ReadErasedAsync(
        string tenant, string id, string? afterItem, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadErasedAsync(tenant, id, afterItem, limit, cancel);

    public async Task<bool> CompleteErasureAsync(string tenant, Erasure done, AuditEntry entry, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).CompleteErasureAsync(tenant, done, entry, cancel);

    public async ValueTask<Erasure?> FindErasureAsync(string tenant, string id, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindErasureAsync(tenant, id, cancel);

    public async ValueTask<Outcome<Page<Erasure>>> ListErasuresAsync(
        string tenant, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListErasuresAsync(tenant, cursor, limit, cancel);

    public TimeSpan TenantErasureHold => home.Store.TenantErasureHold;

    public async Task<Outcome<TenantErasure>> BeginTenantErasureAsync(
        string tenant, TenantErasure erasure, AuditEntry entry, DateTimeOffset dueAt, CancellationToken cancel) =>
        await home.Store.FindMoveAsync(tenant, cancel) is { Move.State: < MoveState.Done }
            ? new MemoryError(ErrorCode.Conflict, "The tenant is being moved to another database; erase it when that is done.")
            : await (await ToWriteAsync(tenant, cancel)).BeginTenantErasureAsync(tenant, erasure, entry, dueAt, cancel);

    public async Task<long> EraseTenantRowsAsync(string tenant, string id, int limit, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).EraseTenantRowsAsync(tenant, id, limit, cancel);

    public async Task<bool> CompleteTenantErasureAsync(
        string tenant, string id, DateTimeOffset completedAt, AuditEntry entry, CancellationToken cancel) =>
        await (await ToWriteAsync(tenant, cancel)).CompleteTenantErasureAsync(tenant, id, completedAt, entry, cancel);

    public async ValueTask<TenantErasure?> FindTenantErasureAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindTenantErasureAsync(tenant, cancel);

    public async Task ExportAsync(string tenant, Func<TransferRecord, ValueTask> write, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ExportAsync(tenant, write, cancel);

    public Task<CommitStatus> ImportSessionsAsync(
        string tenant, IReadOnlyList<SessionImport> sessions, IReadOnlyList<DeletedSessionRecord> deleted, DateTimeOffset now,
        CancellationToken cancel) =>
        CommitInAsync(tenant, store => store.ImportSessionsAsync(tenant, sessions, deleted, now, cancel), cancel);
}
