using MemoryOrleans.Embeddings;
using MemoryOrleans.Episodes;
using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Embedded.Tests;

/// <summary>The embedded host over a SQLite file of its own.</summary>
internal sealed class EmbeddedHostOnSqlite : IHostUnderTest
{
    private static readonly IEmbedder Embedder = new StaticEmbedder();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-host-");
    private SqliteStore? store;
    private EmbeddedMemoryHost? host;
    private CancellationTokenSource? stop;
    private Task schedule = Task.CompletedTask;
    private int minted;

    private EmbeddedHostOnSqlite()
    {
    }

    public IMemoryHost Host => Embedded;

    public EmbeddedMemoryHost Embedded => host!;

    public SqliteStore Store => store!;

    public EmbeddedMemoryOptions Options { get; init; } = new();

    public ITextEmbedder? TextEmbedder { get; init; }

    public IDistiller? Distiller { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static async Task<EmbeddedHostOnSqlite> StartAsync(
        EmbeddedMemoryOptions? options = null, TimeProvider? clock = null, ITextEmbedder? textEmbedder = null, IDistiller? distiller = null)
    {
        var started = new EmbeddedHostOnSqlite
        {
            Options = options ?? new EmbeddedMemoryOptions(), Clock = clock ?? TimeProvider.System, TextEmbedder = textEmbedder, Distiller = distiller,
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
        host = new EmbeddedMemoryHost(MemoryStores.Of(store), Embedder, TextEmbedder, Clock, () => $"m{Interlocked.Increment(ref minted)}", Options, Distiller);
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
