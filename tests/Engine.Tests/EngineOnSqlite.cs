using MemoryOrleans.Embeddings;
using MemoryOrleans.Host.InProcess;
using MemoryOrleans.Episodes;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Engine.Tests;

/// <summary>The embedded host over a SQLite file of its own.</summary>
internal sealed class EngineOnSqlite : IHostUnderTest
{
    private static readonly IEmbedder Embedder = new StaticEmbedder();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-host-");
    private SqliteStore? store;
    private InProcessHost? host;
    private CancellationTokenSource? stop;
    private Task schedule = Task.CompletedTask;
    private int minted;

    private EngineOnSqlite()
    {
    }

    public IMemoryHost Host => Embedded;

    public InProcessHost Embedded => host!;

    public SqliteStore Store => store!;

    public EngineOptions Options { get; init; } = new();

    public ITextEmbedder? TextEmbedder { get; init; }

    public IDistiller? Distiller { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static async Task<EngineOnSqlite> StartAsync(
        EngineOptions? options = null, TimeProvider? clock = null, ITextEmbedder? textEmbedder = null, IDistiller? distiller = null)
    {
        var started = new EngineOnSqlite
        {
            Options = options ?? new EngineOptions(), Clock = clock
                ?? TimeProvider.System, TextEmbedder = textEmbedder, Distiller = distiller,
        };
        await started.OpenAsync();
        return started;
    }

    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        folder.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") }, Clock);
        host = new InProcessHost(
            MemoryStores.Of(store), new EngineModels(Embedder, TextEmbedder, Distiller), Clock, () =>
            $"m{Interlocked.Increment(ref minted)}", Options);
        stop = new CancellationTokenSource();
        schedule = host.Schedule.RunAsync(stop.Token);
    }

    private async Task CloseAsync()
    {
        if (stop is not null)
        {
            await stop.CancelAsync();
            await schedule;
            stop.Dispose();
        }

        host?.Dispose();
        if (store is not null)
            await store.DisposeAsync();
    }
}
