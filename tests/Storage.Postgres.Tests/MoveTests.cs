using MemoryOrleans.Engine;
using MemoryOrleans.Feed;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>A tenant moves from the embedded store to PostgreSQL and back, and nobody can tell.</summary>
public sealed class MoveTests : IAsyncLifetime
{
    private static readonly StaticEmbedder Embedder = new();
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-move-");
    private readonly List<SqliteStore> opened = [];
    private PostgresUnderTest postgres = null!;
    private long moments;

    public async ValueTask InitializeAsync() => postgres = await PostgresUnderTest.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
            await store.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_tenant_moves_there_and_back_exactly(int seed)
    {
        var (first, last) = (await OpenAsync("first"), await OpenAsync("last"));
        await new RandomTenant(() => first, "acme", seed, Tick).WriteAsync();

        var there = await TransferRuns.ExportAsync(first, "acme");
        Assert.True((await TransferRuns.ImportAsync(postgres, "acme", there)).IsSuccess);
        var back = await TransferRuns.ExportAsync(postgres, "acme");
        Assert.True((await TransferRuns.ImportAsync(last, "acme", back)).IsSuccess);

        Assert.Equal(TransferRuns.RecordsOf(there), TransferRuns.RecordsOf(back));
        Assert.Equal(TransferRuns.RecordsOf(there), TransferRuns.RecordsOf(await TransferRuns.ExportAsync(last, "acme")));
        var answers = await AnswersAsync(first);
        Assert.NotEmpty(answers);
        Assert.Equal(answers, await AnswersAsync(postgres));
        Assert.Equal(answers, await AnswersAsync(last));
    }

    /// <summary>Recalls of every user, now and as of an earlier time, with scores; the graph's overview; the histories.</summary>
    private static async Task<List<string>> AnswersAsync(IStoreUnderTest store)
    {
        var stores = new MemoryStores(
            store.Sessions, store.Feed, store.Tenants, store.Due, store.Vectors, store.Graph, store.Memories, store.Erasures, store.Audit,
            store.Transfers,
            store.Events);
        using var host = new InProcessHost(
            stores, new EngineModels(Embedder), new FakeTimeProvider(Now), static () => Guid.NewGuid().ToString("n"), new EngineOptions());
        var answers = new List<string>();
        foreach (var user in RandomTenant.AllUsers)
        {
            foreach (var asOf in new[] { null, new AsOf(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 20, TimeSpan.Zero), null) })
            {
                var result = (await host.Recall.RecallAsync(new RecallQuery("acme", "bread later", 50, user, AsOf: asOf), default)).Value;
                answers.AddRange(result.Items.Select(item => $"{user} {item.Id} {item.Score:R} {item.Relevance:R} {item.Content}"));
            }
        }

        answers.Add(System.Text.Json.JsonSerializer.Serialize((await host.Graph.GetOverviewAsync("acme", default)).Value));
        foreach (var memory in (await host.Memories.ListAsync("acme", new MemoryFilter(), null, 100, default)).Value.Items)
            answers.AddRange((await host.Memories.ReadHistoryAsync("acme", memory.Id, default)).Value.Select(SampleMemories.Say));
        return answers;
    }

    private async Task<IStoreUnderTest> OpenAsync(string name)
    {
        var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(folder.FullName, name) }, TimeProvider.System);
        opened.Add(store);
        return new Sqlite(store);
    }

    private DateTimeOffset Tick() => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(++moments * 1_001);

    /// <summary>The other store, closed by the test.</summary>
    private sealed class Sqlite(SqliteStore store) : IStoreUnderTest
    {
        public Sessions.ISessionStore Sessions => store;

        public IRecallFeed Feed => store;

        public Tenancy.ITenantStore Tenants => store;

        public Scheduling.IDueStore Due => store;

        public Recall.Vectors.IVectorStore Vectors => store;

        public IMemoryStore Memories => store;

        public MemoryOrleans.Erasures.IErasureStore Erasures => store;

        public Tenancy.IAuditStore Audit => store;

        public ITransferStore Transfers => store;

        public MemoryOrleans.Events.IEventStore Events => store;

        public MemoryOrleans.Graph.IGraphStore Graph => store;

        public Task<IReadOnlyList<string>> FindAnywhereAsync(IReadOnlyList<string> words) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(string tenant) => throw new NotSupportedException();

        public Task ReopenAsync() => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
