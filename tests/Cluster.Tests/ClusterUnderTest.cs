using System.Collections.Concurrent;
using MemoryOrleans.Bench.Simulate.Worlds;
using MemoryOrleans.Engine;
using MemoryOrleans.Embeddings;
using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Grains;
using MemoryOrleans.Graph;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Memories;
using MemoryOrleans.Models;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>Two silos and a gateway in this process, each with a store of its own over one schema of PostgreSQL.</summary>
internal sealed class ClusterUnderTest : IHostUnderTest
{
    private static readonly StaticEmbedder Embedder = new();

    private readonly ConcurrentQueue<PostgresStore> opened = new();
    private readonly List<PostgresStore> stores = [];
    private SilosAndGateway? running;

    private ClusterUnderTest(PostgresStoreOptions database, EngineOptions options, ITextEmbedder? textEmbedder) =>
        (Database, Options, TextEmbedder) = (database, options, textEmbedder);

    public PostgresStoreOptions Database { get; }

    public EngineOptions Options { get; }

    public ITextEmbedder? TextEmbedder { get; }

    public IMemoryHost Host => running!.Host;

    public InProcessTestCluster Cluster => running!.Cluster;

    public ShardReminders Reminders { get; private init; } = ShardReminders.Default;

    public static async Task<ClusterUnderTest> StartAsync(
        EngineOptions? options = null, ITextEmbedder? textEmbedder = null, ShardReminders? reminders = null)
    {
        var under = new ClusterUnderTest(await TestDatabase.NewOptionsAsync(), options ?? new EngineOptions(), textEmbedder)
        {
            Reminders = reminders ?? ShardReminders.Default,
        };
        await under.OpenAsync();
        return under;
    }

    /// <summary>Stops silos and gateway; <see cref="RestartAsync"/> starts others.</summary>
    public Task StopAsync() => CloseAsync();

    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await TestDatabase.DropAsync(Database);
    }

    private async Task OpenAsync()
    {
        for (var i = 0; i <= SilosAndGateway.Silos; i++)
            opened.Enqueue(await PostgresStore.OpenAsync(Database, TimeProvider.System));
        stores.AddRange(opened);
        running = await SilosAndGateway.StartAsync(Options, Reminders, AddStore);
    }

    private async Task CloseAsync()
    {
        if (running is not null)
            await running.DisposeAsync();
        running = null;
        foreach (var store in stores)
            await store.DisposeAsync();
        stores.Clear();
        opened.Clear();
    }

    private void AddStore(IServiceCollection services)
    {
        // Silos start side by side.
        if (!opened.TryDequeue(out var store))
            throw new InvalidOperationException("There is a store for each silo and the gateway, and no more.");
        services.AddSingleton<ISessionStore>(store).AddSingleton<IRecallFeed>(store).AddSingleton<ITenantStore>(store)
            .AddSingleton<IDueStore>(store);
        services.AddSingleton<IVectorStore>(store).AddSingleton<IGraphStore>(store).AddSingleton<IMemoryStore>(store)
            .AddSingleton<IErasureStore>(store)
            .AddSingleton<IAuditStore>(store).AddSingleton<ITransferStore>(store)
            .AddSingleton<IEventStore>(store);
        services.AddSingleton<IEmbedder>(Embedder);
        if (TextEmbedder is not null)
            services.AddSingleton(TextEmbedder);
    }
}
