using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>
/// A store over two schemas that stand for two databases. One tenant is in the first already, so that a test's first one is placed in
/// the second, and its next in the first.
/// </summary>
internal sealed class RoutedUnderTest : IStoreUnderTest
{
    private readonly PostgresStoreOptions home;
    private readonly PostgresStoreOptions second;
    private RoutedStore store;

    private RoutedUnderTest(PostgresStoreOptions home, PostgresStoreOptions second, RoutedStore store) =>
        (this.home, this.second, this.store) = (home, second, store);

    public ISessionStore Sessions => store;

    public IRecallFeed Feed => store;

    public ITenantStore Tenants => store;

    public IDueStore Due => store;

    public IVectorStore Vectors => store;

    public IMemoryStore Memories => store;

    public IErasureStore Erasures => store;

    public IAuditStore Audit => store;

    public ITransferStore Transfers => store;

    public IEventStore Events => store;

    public IGraphStore Graph => store;

    public static async Task<RoutedUnderTest> OpenAsync()
    {
        var (home, second) = (await PostgresUnderTest.NewOptionsAsync(), await PostgresUnderTest.NewOptionsAsync());
        var opened = await OpenAsync(home, second);
        Assert.True((await opened.PlaceTenantAsync("at-home", TenantDatabase.Home, default)).IsSuccess);
        return new RoutedUnderTest(home, second, opened);
    }

    public async Task ReopenAsync()
    {
        await store.DisposeAsync();
        store = await OpenAsync(home, second);
    }

    public async Task<IReadOnlyList<string>> FindAnywhereAsync(IReadOnlyList<string> words) =>
        [.. await PostgresUnderTest.FindAnywhereAsync(home, words), .. await PostgresUnderTest.FindAnywhereAsync(second, words)];

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(string tenant)
    {
        var (first, other) = (await PostgresUnderTest.ReadRowsAsync(home, tenant), await PostgresUnderTest.ReadRowsAsync(second, tenant));
        return first.Keys.Union(other.Keys).Order(StringComparer.Ordinal).ToDictionary(
            static table => table,
            IReadOnlyList<string> (table) => [.. first.GetValueOrDefault(table, []), .. other.GetValueOrDefault(table, [])]);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await PostgresUnderTest.DropAsync(home);
        await PostgresUnderTest.DropAsync(second);
    }

    private static Task<RoutedStore> OpenAsync(PostgresStoreOptions home, PostgresStoreOptions second) =>
        RoutedStore.OpenAsync(home, new Dictionary<string, PostgresStoreOptions> { ["second"] = second }, TimeProvider.System);
}

public sealed class RoutedCommitTests : CommitConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await RoutedUnderTest.OpenAsync();
}

public sealed class RoutedIsolationTests : IsolationConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await RoutedUnderTest.OpenAsync();
}

public sealed class RoutedDueTests : DueConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await RoutedUnderTest.OpenAsync();
}

public sealed class RoutedMemoryVectorTests : MemoryVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await RoutedUnderTest.OpenAsync();
}

public sealed class RoutedEntityVectorTests : EntityVectorConformance
{
    protected override async Task<IStoreUnderTest> OpenAsync() => await RoutedUnderTest.OpenAsync();
}
