using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Sealing;
using MemoryOrleans.Storage.Sealing.Tests;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;

namespace MemoryOrleans.Storage.Sqlite.Tests;

/// <summary>A store in a folder of its own, which goes with it.</summary>
internal sealed class SqliteUnderTest : ISealedUnderTest
{
    private SqliteStoreOptions options;
    private readonly string folder;

    private SqliteUnderTest(string folder, SqliteStoreOptions options, SqliteStore store) =>
        (this.folder, this.options, Store) = (folder, options, store);

    public SqliteStore Store { get; private set; }

    public ISessionStore Sessions => Store;

    public IRecallFeed Feed => Store;

    public ITenantStore Tenants => Store;

    public IDueStore Due => Store;

    public IVectorStore Vectors => Store;

    public IMemoryStore Memories => Store;

    public IErasureStore Erasures => Store;

    public IAuditStore Audit => Store;

    public ITransferStore Transfers => Store;

    public IEventStore Events => Store;

    public IGraphStore Graph => Store;

    public string Path => options.Path;

    public static Task<SqliteUnderTest> OpenSealedAsync() => OpenAsync(static options => options with { MasterKeys = TestKeys.Of("k1") });

    public static async Task<SqliteUnderTest> OpenAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null)
    {
        var made = NewFolder();
        var defaults = new SqliteStoreOptions { Path = System.IO.Path.Combine(made, "memory.db") };
        var configured = configure?.Invoke(defaults) ?? defaults;
        return new SqliteUnderTest(made, configured, await SqliteStore.OpenAsync(configured, TimeProvider.System));
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("memory-sqlite-").FullName;

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await SqliteStore.OpenAsync(options, TimeProvider.System);
    }

    public KeyRing? Ring => Store.Ring;

    public ITenantKeys TenantKeys => Store.TenantKeys;

    public async Task ReopenAsync(IMasterKeys? masters)
    {
        await Store.DisposeAsync();
        options = options with { MasterKeys = masters };
        Store = await SqliteStore.OpenAsync(options, TimeProvider.System);
    }

    public Task CopyThirdTurnToFirstAsync(string tenant)
    {
        using var connection = Connection.Open(options, ConnectionRole.Writer);
        connection.Execute("UPDATE turn_texts SET content = (SELECT content FROM turn_texts WHERE change = 3) WHERE change = 1");
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<string>> FindAnywhereAsync(IReadOnlyList<string> words)
    {
        Assert.True(await Store.CheckpointAsync());
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            var text = System.Text.Encoding.Latin1.GetString(copy.ToArray());
            found.AddRange(words.Where(word => text.Contains(word, StringComparison.Ordinal)));
        }

        return found;
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(string tenant)
    {
        const string tablesSql = """
            SELECT s.name, (SELECT group_concat('quote("' || c.name || '")', ' || '' '' || ') FROM pragma_table_info(s.name) c)
            FROM sqlite_schema s WHERE s.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(s.name) t WHERE t.name = 'tenant')
            """;
        using var connection = Connection.Open(options, ConnectionRole.Reader);
        var tables = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        using var listed = connection.Prepared(tablesSql).Query();
        while (listed.Next())
        {
            var lines = new List<string>();
            using var rows = connection.Prepared($"SELECT {listed.Text(1)} FROM {listed.Text(0)} WHERE tenant = ?1").Bind(1, tenant).Query();
            while (rows.Next())
                lines.Add(rows.Text(0));
            tables.Add(listed.Text(0), [.. lines.Order(StringComparer.Ordinal)]);
        }

        return Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<string>>>(tables);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
