using MemoryOrleans.Host.Conformance;
using MemoryOrleans.Hosting;
using MemoryOrleans.Models;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Embedded.Tests;

/// <summary>The embedded host over a SQLite file of its own.</summary>
internal sealed class EmbeddedHostOnSqlite : IHostUnderTest
{
    private static readonly IEmbedder Embedder = new StaticEmbedder();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-host-");
    private SqliteStore? store;
    private EmbeddedMemoryHost? host;
    private int minted;

    private EmbeddedHostOnSqlite()
    {
    }

    public IMemoryHost Host => Embedded;

    public EmbeddedMemoryHost Embedded => host!;

    public EmbeddedMemoryOptions Options { get; init; } = new();

    public ITextEmbedder? TextEmbedder { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static async Task<EmbeddedHostOnSqlite> StartAsync(EmbeddedMemoryOptions? options = null, TimeProvider? clock = null)
    {
        var started = new EmbeddedHostOnSqlite { Options = options ?? new EmbeddedMemoryOptions(), Clock = clock ?? TimeProvider.System };
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
        host = new EmbeddedMemoryHost(MemoryStores.Of(store), Embedder, TextEmbedder, Clock, () => $"m{Interlocked.Increment(ref minted)}", Options);
    }

    private async Task CloseAsync()
    {
        host?.Dispose();
        if (store is not null)
            await store.DisposeAsync();
    }
}
