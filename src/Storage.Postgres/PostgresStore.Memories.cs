using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Memories: each read a query bound to its tenant; commits in the queue, in order with those of sessions.</content>
public sealed partial class PostgresStore
{
    public IRecallFeed MemoryFeed => memoryFeed;

    /// <inheritdoc/>
    /// <remarks>Always asked of the server: another process may have committed a moment ago.</remarks>
    public async ValueTask<ScopeHeads> ReadHeadsAsync(
        string tenant, IReadOnlyList<PartitionKey>? turns, IReadOnlyList<PartitionKey>? memories, CancellationToken cancel)
    {
        var users = turns is null || memories is null
            ? null : turns.Concat(memories).Select(static each => each.UserId).Distinct(StringComparer.Ordinal).ToArray();
        var found = users is null ? await reads.ReadAsync(FeedQueries.AllHeads, tenant, tenant, cancel)
            : await reads.ReadAsync(FeedQueries.BothHeads, tenant, users, cancel);
        return new ScopeHeads(
            OwnerHeads.Select(found, tenant, turns, static each => each.Turns),
            OwnerHeads.Select(found, tenant, memories, static each => each.Memories));
    }

    public ValueTask<(IReadOnlyList<Turn> Turns, IReadOnlyList<MemoryRecord> Memories)> ReadTurnsAndKeysAsync(
        string tenant, IReadOnlyList<TurnAddress> turns, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        WithReadSealAsync(
            tenant,
            seal => reads.ReadBothAsync(
                tenant,
                new TenantCall<(string[], long[]), IReadOnlyList<Turn>>(TurnQueries.ReadAddresses, TurnQueries.SplitAddresses(turns)),
                new TenantCall<(string?, byte[][]), IReadOnlyList<MemoryRecord>>(
                    MemoryQueries.ByKeys, (userId, [.. keys.SelectMany(key => seal.KeysFor(key))])),
                cancel),
            cancel);

    public ValueTask<MemoryRecord?> FindMemoryAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(MemoryQueries.Find, tenant, id, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> FindMemoriesAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadAsync(MemoryQueries.FindAll, tenant, ids.ToArray(), cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadAsync(MemoryQueries.History, tenant, id, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> ReadOperationAsync(string tenant, string operation, CancellationToken cancel) =>
        reads.ReadAsync(MemoryQueries.Operation, tenant, operation, cancel);

    public async ValueTask<Outcome<Page<MemoryRecord>>> ListMemoriesAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "memories");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync(MemoryQueries.List(filter), tenant, new MemoryListing(filter, before.Value, limit), cancel);
    }

    public ValueTask<IReadOnlyList<MemoryRecord>> FindByKeysAsync(
        string tenant, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        WithReadSealAsync(
            tenant,
            seal => reads.ReadAsync(MemoryQueries.ByKeys, tenant, (userId, keys.SelectMany(key => seal.KeysFor(key)).ToArray()), cancel),
            cancel);

    public ValueTask<OwnerVersion> FindOwnerVersionAsync(string tenant, string? userId, CancellationToken cancel) =>
        reads.ReadPlainAsync(MemoryQueries.OwnerVersion, tenant, userId, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> FindCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        reads.ReadAsync(MemoryQueries.Citing, tenant, (sessionId, afterId, limit), cancel);

    public ValueTask<long> FindDistilledAsync(SessionKey key, CancellationToken cancel) =>
        reads.ReadPlainAsync(MemoryQueries.Distilled, key.Tenant, key.Id, cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The commit contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> CommitMemoriesAsync(MemoryCommit commit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        MemoryCommitChecks.Check(commit);
        return Enqueue(commit.Tenant, new MemoryCommitWrite(commit, redacted: [], clock.GetUtcNow()));
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">The server cannot be reached or cannot write.</exception>
    public async Task SaveSalienceAsync(string tenant, IReadOnlyList<SalienceUpdate> updates, CancellationToken cancel)
    {
        if (updates.Count > 0)
            await reads.WriteAsync(MemoryQueries.SaveSalience, tenant, updates, cancel);
    }
}
