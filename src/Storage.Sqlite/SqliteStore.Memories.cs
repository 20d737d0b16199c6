using MemoryOrleans.Feed;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>Memories: reads on pooled connections; commits in the queue, in order with those of sessions.</content>
public sealed partial class SqliteStore
{
    public IRecallFeed MemoryFeed => memoryFeed;

    public async ValueTask<ScopeHeads> ReadHeadsAsync(
        string tenant, IReadOnlyList<PartitionKey>? turns, IReadOnlyList<PartitionKey>? memories, CancellationToken cancel) =>
        new(await ReadHeadsAsync(this, tenant, turns, cancel), await ReadHeadsAsync(memoryFeed, tenant, memories, cancel));

    public async ValueTask<(IReadOnlyList<Turn> Turns, IReadOnlyList<MemoryRecord> Memories)> ReadTurnsAndKeysAsync(
        string tenant, IReadOnlyList<TurnAddress> turns, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        (await ReadTurnsAsync(tenant, turns, cancel), await FindByKeysAsync(tenant, userId, keys, cancel));

    public ValueTask<MemoryRecord?> FindMemoryAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), MemoryQueries.Find, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> FindMemoriesAsync(
        string tenant, IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, ids), MemoryQueries.FindAll, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> ReadHistoryAsync(string tenant, string id, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, id), MemoryQueries.ReadHistory, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> ReadOperationAsync(string tenant, string operation, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, operation), MemoryQueries.ReadOperation, cancel);

    public async ValueTask<Outcome<Page<MemoryRecord>>> ListMemoriesAsync(
        string tenant, MemoryFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "memories");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadTextsAsync(tenant, (tenant, filter, before.Value, limit), MemoryQueries.List, cancel);
    }

    public ValueTask<IReadOnlyList<MemoryRecord>> FindByKeysAsync(
        string tenant, string? userId, IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, userId, keys), MemoryQueries.FindByKeys, cancel);

    public ValueTask<OwnerVersion> FindOwnerVersionAsync(string tenant, string? userId, CancellationToken cancel) =>
        reads.ReadAsync((tenant, userId), MemoryQueries.FindOwnerVersion, cancel);

    public ValueTask<IReadOnlyList<MemoryRecord>> FindCitingAsync(
        string tenant, string sessionId, string? afterId, int limit, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, sessionId, afterId, limit), MemoryQueries.FindCiting, cancel);

    public ValueTask<long> FindDistilledAsync(SessionKey key, CancellationToken cancel) =>
        reads.ReadAsync(key, MemoryQueries.FindDistilled, cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The commit contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> CommitMemoriesAsync(MemoryCommit commit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        MemoryCommitChecks.Check(commit);
        return Enqueue(commit.Tenant,
            new CheckedWrite(transaction => transaction.Memories.Commit(commit, clock.GetUtcNow()), Math.Max(1, commit.Writes.Count)));
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">The store cannot write, or its queue is full.</exception>
    public async Task SaveSalienceAsync(string tenant, IReadOnlyList<SalienceUpdate> updates, CancellationToken cancel)
    {
        if (updates.Count > 0)
            await WriteOfAsync(tenant, transaction => transaction.Memories.SaveSalience(tenant, updates), cancel, updates.Count);
    }

    private static async ValueTask<IReadOnlyList<PartitionHead>> ReadHeadsAsync(
        IRecallFeed feed, string tenant, IReadOnlyList<PartitionKey>? partitions, CancellationToken cancel)
    {
        if (partitions is null)
            return await feed.ListHeadsAsync(tenant, cancel);
        var read = new PartitionHead[partitions.Count];
        for (var i = 0; i < read.Length; i++)
            read[i] = new PartitionHead(partitions[i], await feed.HeadAsync(partitions[i], cancel));
        return read;
    }
}
