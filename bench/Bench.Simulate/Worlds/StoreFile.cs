using System.Text;
using MemoryOrleans.Bench.Simulate.Faults;
using MemoryOrleans.Engine;
using MemoryOrleans.Storage.Sqlite;

namespace MemoryOrleans.Bench.Simulate.Worlds;

/// <summary>A SQLite store in a folder of its own, which goes with it.</summary>
internal sealed class StoreFile : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memory-simulate-");
    private readonly TimeProvider clock;
    private SqliteStore? store;

    private StoreFile(TimeProvider clock) => this.clock = clock;

    public SqliteStore Store => store!;

    public static async Task<StoreFile> OpenAsync(TimeProvider clock)
    {
        var file = new StoreFile(clock);
        await file.ReopenAsync();
        return file;
    }

    public MemoryStores WithFaults(FaultPlan faults) => FaultyStores.Around(MemoryStores.Of(Store), faults);

    public async Task ReopenAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") }, clock);
    }

    public async Task<string> ReadAllAsync()
    {
        await Store.CheckpointAsync();
        var all = new StringBuilder();
        foreach (var file in folder.GetFiles().Where(static file => file.Extension != ".lock"))
        {
            await using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            all.Append(Encoding.Latin1.GetString(copy.ToArray()));
        }

        return all.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
