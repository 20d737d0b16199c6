using System.Runtime.CompilerServices;
using MemoryOrleans.Feed;

namespace MemoryOrleans.Storage.Postgres;

/// <summary>A feed of each tenant's own database.</summary>
internal sealed class RoutedFeed(RoutedStore store, Func<PostgresStore, IRecallFeed> feedOf) : IRecallFeed
{
    public async ValueTask<long> HeadAsync(PartitionKey partition, CancellationToken cancel) =>
        await feedOf(await store.ToReadAsync(partition.Tenant, cancel)).HeadAsync(partition, cancel);

    public async ValueTask<IReadOnlyList<PartitionHead>> ListHeadsAsync(string tenant, CancellationToken cancel) =>
        await feedOf(await store.ToReadAsync(tenant, cancel)).ListHeadsAsync(tenant, cancel);

    public async IAsyncEnumerable<IReadOnlyList<FeedChange>> ReadSinceAsync(
        PartitionKey partition, long watermark, [EnumeratorCancellation] CancellationToken cancel)
    {
        var feed = feedOf(await store.ToReadAsync(partition.Tenant, cancel));
        await foreach (var changes in feed.ReadSinceAsync(partition, watermark, cancel))
            yield return changes;
    }
}
