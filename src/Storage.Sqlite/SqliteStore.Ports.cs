using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Sqlite;

/// <content>The ports: each a query on a pooled connection, or a write in the queue.</content>
public sealed partial class SqliteStore
{
    private const int ExpiredPerTransactionMax = 1000;

    public ValueTask<SessionLookup> FindSessionAsync(SessionKey key, CancellationToken cancel) =>
        reads.ReadAsync(key, SessionQueries.Find, cancel);

    public ValueTask<string?> FindTimeZoneAsync(string tenant, string userId, CancellationToken cancel) =>
        reads.ReadAsync((tenant, userId), SessionQueries.FindTimeZone, cancel);

    public async ValueTask<Outcome<Page<Session>>> ListSessionsAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "sessions");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadAsync((tenant, filter, before.Value, limit), SessionQueries.List, cancel);
    }

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        reads.ReadTextsAsync(key.Tenant, (key, afterSeq, limit), TurnQueries.ReadAfter, cancel);

    public ValueTask<IReadOnlyList<Turn>> ReadTailAsync(SessionKey key, int limit, CancellationToken cancel) =>
        reads.ReadTextsAsync(key.Tenant, (key, limit), TurnQueries.ReadTail, cancel);

    public ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(SessionKey key, IReadOnlyCollection<string> turnIds, CancellationToken cancel) =>
        reads.ReadTextsAsync(key.Tenant, (key, turnIds), TurnQueries.FindByIds, cancel);

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(
        string tenant, IReadOnlyList<TurnAddress> addresses, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, addresses), TurnQueries.ReadAddresses, cancel);

    public ValueTask<IdempotencyRecord?> FindIdempotencyAsync(
        string tenant, string scope, string key, DateTimeOffset now, CancellationToken cancel) =>
        reads.ReadTextsAsync(tenant, (tenant, scope, key, now), SessionQueries.FindIdempotency, cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The commit contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> CommitAsync(SessionCommit commit)
    {
        CommitChecks.Check(commit);
        return Enqueue(commit.Key.Tenant, new CommitWrite(commit));
    }

    public Task<CommitStatus> DeleteSessionAsync(SessionKey key, long expectedVersion, DateTimeOffset now) =>
        Enqueue(key.Tenant, new DeleteWrite(key, expectedVersion, now));

    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        heads.TryGet(partition, out var head, out var generation)
            ? ValueTask.FromResult(head)
            : LoadHeadAsync(partition, generation, cancel);

    public async ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel)
    {
        var partitions = await reads.ReadAsync(tenant, FeedQueries.ListPartitions, cancel);
        var listed = new List<PartitionHead>(partitions.Count);
        foreach (var partition in partitions)
        {
            // A user may have memories and no turns.
            if (await HeadAsync(partition, cancel) is var head and > 0)
                listed.Add(new PartitionHead(partition, head));
        }

        return listed;
    }

    /// <inheritdoc/>
    /// <remarks>From watermark 0, removals older than the head are left out: the turns they name are gone from the answer as
    /// well. The head itself is always delivered, so that a follower arrives at it.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsAfter = watermark > 0 ? watermark : await HeadAsync(partition, cancel) - 1;
        FeedPage page;
        do
        {
            page = await reads.ReadTextsAsync(partition.Tenant, (partition, watermark, Math.Max(watermark, removalsAfter)),
                FeedQueries.ReadPage, cancel);
            if (page.Changes.Count == 0)
                yield break;
            watermark = page.Changes[^1].Change;
            yield return page.Changes;
        }
        while (page.More);
    }

    public ValueTask<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, TenantQueries.Summarize, cancel);

    public ValueTask<TenantSettings> ReadSettingsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadAsync(tenant, TenantQueries.ReadSettings, cancel);

    public async ValueTask SaveSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel) =>
        await WriteOfAsync(tenant, transaction => TenantQueries.SaveSettings(transaction.Connection, tenant, settings), cancel);

    public async ValueTask ProbeAsync(CancellationToken cancel)
    {
        stop.ThrowIfStopped();
        await reads.ReadAsync(TenantQueries.ProbeSql, static (connection, sql) => connection.Scalar(sql), cancel);
        await EnqueueOrThrowAsync(new ProbeWrite(clock.GetUtcNow()), cancel);
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var removed = 0;
        ExpireWrite write;
        do
        {
            write = new ExpireWrite(now, ExpiredPerTransactionMax);
            await EnqueueOrThrowAsync(write, cancel);
            removed += write.Removed;
        }
        while (write.Removed == ExpiredPerTransactionMax);
        return removed;
    }

    /// <summary>A write of a tenant, with what its texts are sealed with; in the order of the calls.</summary>
    private Task<CommitStatus> Enqueue(string tenant, PendingWrite write)
    {
        write.Tenant = tenant;
        if (ring is null)
            return Enqueue(write);
        return ring.WriteAsync(tenant, seal =>
        {
            write.Seal = seal;
            return Enqueue(write);
        });
    }

    private Task<CommitStatus> Enqueue(PendingWrite write) =>
        queue.TryEnqueue(write, out var refusal) ? write.Task : Task.FromResult(refusal);

    private async Task EnqueueOrThrowAsync(PendingWrite write, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var status = await Enqueue(write).WaitAsync(cancel);
        if (status == CommitStatus.Committed)
            return;
        stop.ThrowIfStopped();
        throw new StoreUnavailableException(
            write.IsFenced ? "The tenant is being erased; nothing of it is stored until that is done."
            : $"The store could not write ({status}).");
    }

    private async ValueTask<long> LoadHeadAsync(PartitionKey partition, int generation, CancellationToken cancel) =>
        heads.Add(partition, await reads.ReadAsync(partition, FeedQueries.FindHead, cancel), generation);
}
