using MemoryOrleans.Feed;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Storage.Conformance;

/// <summary>
/// What every store must do, in suites by subject. A store's test project derives one class from each and says how to open
/// it; data of other tests may be present, since every test has tenants of its own.
/// </summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private IStoreUnderTest? store;
    private long moments;

    protected IStoreUnderTest Store => store!;

    protected ISessionStore Sessions => Store.Sessions;

    protected IRecallFeed Feed => Store.Feed;

    /// <summary>This test's own tenant.</summary>
    protected string Tenant { get; } = NewTenant();

    protected abstract Task<IStoreUnderTest> OpenAsync();

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();

    protected static string NewTenant() => $"tenant-{Guid.NewGuid():N}";

    /// <summary>A later moment at every call, with microseconds in it.</summary>
    protected DateTimeOffset Tick() => Start.AddMicroseconds(Interlocked.Increment(ref moments) * 1_001);

    protected SessionScript Script(string id, string? userId = null, string? agentId = null, string? tenant = null) =>
        new(() => Store, new SessionKey(tenant ?? Tenant, id), userId, agentId, Tick);

    protected async Task<List<FeedChange>> ReadFeedAsync(PartitionKey partition, long watermark = 0)
    {
        var changes = new List<FeedChange>();
        await foreach (var batch in Feed.ReadSinceAsync(partition, watermark, default))
            changes.AddRange(batch);
        return changes;
    }

    protected async Task<IReadOnlyList<Turn>> ReadAllAsync(SessionScript script) =>
        await Sessions.ReadTurnsAsync(script.Key, 0, 10_000, default);
}
