using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Tenancy;

namespace MemoryOrleans.Storage.Postgres;

/// <content>The ports: each a query bound to its tenant, or a write in the queue.</content>
public sealed partial class PostgresStore
{
    public ValueTask<SessionLookup> FindSessionAsync(SessionKey key, CancellationToken cancel) =>
        reads.ReadPlainAsync(SessionQueries.Find, key.Tenant, key.Id, cancel);

    public ValueTask<string?> FindTimeZoneAsync(string tenant, string userId, CancellationToken cancel) =>
        reads.ReadPlainAsync(SessionQueries.FindTimeZone, tenant, userId, cancel);

    public async ValueTask<Outcome<Page<Session>>> ListSessionsAsync(
        string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var before = ListCursor.Read(cursor, "sessions");
        if (!before.IsSuccess)
            return before.Error;
        return await reads.ReadPlainAsync(SessionQueries.List(filter), tenant, new Listing(filter, before.Value, limit), cancel);
    }

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        reads.ReadAsync(TurnQueries.ReadAfter, key.Tenant, (key.Id, afterSeq, limit), cancel);

    public ValueTask<IReadOnlyList<Turn>> ReadTailAsync(SessionKey key, int limit, CancellationToken cancel) =>
        reads.ReadAsync(TurnQueries.ReadTail, key.Tenant, (key.Id, limit), cancel);

    public ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(SessionKey key, IReadOnlyCollection<string> turnIds, CancellationToken cancel) =>
        reads.ReadAsync(TurnQueries.FindByIds, key.Tenant, (key.Id, turnIds.ToArray()), cancel);

    public ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(
        string tenant, IReadOnlyList<TurnAddress> addresses, CancellationToken cancel) =>
        reads.ReadAsync(TurnQueries.ReadAddresses, tenant, TurnQueries.SplitAddresses(addresses), cancel);

    public ValueTask<IdempotencyRecord?> FindIdempotencyAsync(
        string tenant, string scope, string key, DateTimeOffset now, CancellationToken cancel) =>
        reads.ReadAsync(SessionQueries.FindIdempotency, tenant, (scope, key, Timestamp.Of(now)), cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The commit contradicts itself, which is a bug of the caller.</exception>
    public Task<CommitStatus> CommitAsync(SessionCommit commit)
    {
        CommitChecks.Check(commit);
        return Enqueue(commit.Key.Tenant, new CommitWrite(commit));
    }

    public Task<CommitStatus> DeleteSessionAsync(SessionKey key, long expectedVersion, DateTimeOffset now) =>
        Enqueue(key.Tenant, new DeleteWrite(key, expectedVersion, now));

    /// <inheritdoc/>
    /// <remarks>Always asked of the server: another process may have committed a moment ago.</remarks>
    public ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        reads.ReadPlainAsync(FeedQueries.Head, partition.Tenant, partition.UserId, cancel);

    public ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(FeedQueries.Heads, tenant, tenant, cancel);

    /// <inheritdoc/>
    /// <remarks>From watermark 0, removals older than the head are left out: the turns they name are gone from the answer as
    /// well. The head itself is always delivered, so that a follower arrives at it.</remarks>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var removalsAfter = watermark > 0 ? watermark : await HeadAsync(partition, cancel) - 1;
        var limit = watermark > 0 ? FeedQueries.ChangesFirst : FeedQueries.ChangesMax;
        FeedPage page;
        do
        {
            var position = new FeedPosition(partition, watermark, Math.Max(watermark, removalsAfter), limit);
            page = await reads.ReadAsync(FeedQueries.ReadPage, partition.Tenant, position, cancel);
            if (page.Changes.Count == 0)
                yield break;
            watermark = page.Changes[^1].Change;
            limit = FeedQueries.NextLimit(page);
            yield return page.Changes;
        }
        while (page.More);
    }

    public ValueTask<TenantSummary> SummarizeAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(TenantQueries.Summarize, tenant, tenant, cancel);

    public ValueTask<TenantSettings> ReadSettingsAsync(string tenant, CancellationToken cancel) =>
        reads.ReadPlainAsync(TenantQueries.ReadSettings, tenant, true, cancel);

    public async ValueTask SaveSettingsAsync(string tenant, TenantSettings settings, CancellationToken cancel) =>
        await reads.WriteAsync(TenantQueries.SaveSettings, tenant, settings, cancel);

    public async ValueTask ProbeAsync(CancellationToken cancel) => await worker.ProbeAsync(clock.GetUtcNow(), cancel);

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancel) => worker.RemoveExpiredAsync(now, cancel);

    /// <summary>A write of a tenant, with what its texts are sealed with; in the order of the calls.</summary>
    private Task<CommitStatus> Enqueue(string tenant, PendingWrite write)
    {
        if (ring is null)
            return Enqueue(write);
        return ring.WriteAsync(tenant, seal =>
        {
            write.Seal = seal;
            return Enqueue(write);
        });
    }

    /// <summary>Something with the seal for a tenant's texts; null: nothing is sealed.</summary>
    private async ValueTask<T> WithSealAsync<T>(string tenant, Func<TenantSeal?, ValueTask<T>> use, CancellationToken cancel) =>
        await use(ring is null ? null : await ring.FindOrMakeAsync(tenant, cancel));

    /// <summary>The same for what only reads.</summary>
    private async ValueTask<T> WithReadSealAsync<T>(string tenant, Func<TenantSeal?, ValueTask<T>> use, CancellationToken cancel) =>
        await use(ring is null ? null : await ring.FindAsync(tenant, cancel));

    private Task<CommitStatus> Enqueue(PendingWrite write) =>
        queue.TryEnqueue(write, out var refusal) ? write.Task : Task.FromResult(refusal);
}
