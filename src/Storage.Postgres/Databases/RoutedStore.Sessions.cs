using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Postgres;

/// <content>Sessions, turns and their feed, each in its tenant's database.</content>
public sealed partial class RoutedStore
{
    public async ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        await (await ToReadAsync(partition.Tenant, cancel)).HeadAsync(partition, cancel);

    public async ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListHeadsAsync(tenant, cancel);

    public IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(PartitionKey partition, long watermark, CancellationToken cancel) =>
        turns.ReadSinceAsync(partition, watermark, cancel);

    public async ValueTask<SessionLookup> FindSessionAsync(SessionKey key, CancellationToken cancel) =>
        await (await ToReadAsync(key.Tenant, cancel)).FindSessionAsync(key, cancel);

    public async ValueTask<Outcome<Page<Session>>> ListSessionsAsync(
         string tenant, SessionFilter filter, string? cursor, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ListSessionsAsync(tenant, filter, cursor, limit, cancel);

    public async ValueTask<string?> FindTimeZoneAsync(string tenant, string userId, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindTimeZoneAsync(tenant, userId, cancel);

    public async ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(SessionKey key, long afterSeq, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(key.Tenant, cancel)).ReadTurnsAsync(key, afterSeq, limit, cancel);

    public async ValueTask<IReadOnlyList<Turn>> ReadTailAsync(SessionKey key, int limit, CancellationToken cancel) =>
        await (await ToReadAsync(key.Tenant, cancel)).ReadTailAsync(key, limit, cancel);

    public async ValueTask<IReadOnlyList<Turn>> FindTurnsAsync(
        SessionKey key, IReadOnlyCollection<string> turnIds, CancellationToken cancel) =>
        await (await ToReadAsync(key.Tenant, cancel)).FindTurnsAsync(key, turnIds, cancel);

    public async ValueTask<IReadOnlyList<Turn>> ReadTurnsAsync(
        string tenant, IReadOnlyList<TurnAddress> addresses, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).ReadTurnsAsync(tenant, addresses, cancel);

    public async ValueTask<IdempotencyRecord?> FindIdempotencyAsync(
         string tenant, string scope, string key, DateTimeOffset now, CancellationToken cancel) =>
        await (await ToReadAsync(tenant, cancel)).FindIdempotencyAsync(tenant, scope, key, now, cancel);

    public Task<CommitStatus> CommitAsync(SessionCommit commit) => CommitInAsync(commit.Key.Tenant, store => store.CommitAsync(commit));

    public Task<CommitStatus> DeleteSessionAsync(SessionKey key, long expectedVersion, DateTimeOffset now) =>
        CommitInAsync(key.Tenant, store => store.DeleteSessionAsync(key, expectedVersion, now));
}
