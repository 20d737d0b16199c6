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
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>A store in a schema of its own, which goes with it.</summary>
internal sealed class PostgresUnderTest : ISealedUnderTest
{
    private PostgresUnderTest(PostgresStoreOptions options, PostgresStore store) => (Options, Store) = (options, store);

    public PostgresStoreOptions Options { get; private set; }

    public PostgresStore Store { get; private set; }

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

    public static Task<PostgresUnderTest> OpenSealedAsync() => OpenAsync(static options => options with { MasterKeys = TestKeys.Of("k1") });

    public static async Task<PostgresUnderTest> OpenAsync(Func<PostgresStoreOptions, PostgresStoreOptions>? configure = null)
    {
        var options = await NewOptionsAsync();
        options = configure?.Invoke(options) ?? options;
        return new PostgresUnderTest(options, await PostgresStore.OpenAsync(options, TimeProvider.System));
    }

    /// <summary>Options naming a schema that does not exist yet; connections carry its name.</summary>
    public static async Task<PostgresStoreOptions> NewOptionsAsync()
    {
        var (url, schema) = (await TestServer.UrlAsync(), $"test_{Guid.NewGuid():N}");
        url += $"{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}application_name={schema}";
        return new PostgresStoreOptions { Url = url, Schema = schema, PoolSize = 4, MaxOverflow = 4, CommitConnections = 2 };
    }

    /// <summary>A connection of the service's role, outside the store.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(Options);

    public static async Task<NpgsqlConnection> ConnectAsync(PostgresStoreOptions options)
    {
        if (!PostgresUrl.TryParse(options.Url, out var settings, out var wrong))
            throw new InvalidOperationException($"{TestServer.Variable} {wrong}");
        settings.SearchPath = $"{options.Schema}, public";
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The first column of all rows of all statements.</summary>
    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        var lines = new List<string>();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        do
        {
            while (await rows.ReadAsync())
                lines.Add(rows.GetString(0));
        }
        while (await rows.NextResultAsync());
        return lines;
    }

    public static async Task DropAsync(PostgresStoreOptions options)
    {
        await using var connection = await ConnectAsync(options);
        await using var command = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {options.Schema} CASCADE", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await PostgresStore.OpenAsync(Options, TimeProvider.System);
    }

    public KeyRing? Ring => Store.Ring;

    public ITenantKeys TenantKeys => Store.TenantKeys;

    public async Task ReopenAsync(IMasterKeys? masters)
    {
        await Store.DisposeAsync();
        Options = Options with { MasterKeys = masters };
        Store = await PostgresStore.OpenAsync(Options, TimeProvider.System);
    }

    public async Task CopyThirdTurnToFirstAsync(string tenant)
    {
        await using var connection = await ConnectAsync();
        await ListAsync(connection, $"SELECT set_config('memory.tenant', '{tenant}', false)");
        await using var copy = new NpgsqlCommand("UPDATE turns SET content = (SELECT content FROM turns WHERE seq = 3) WHERE seq = 1",
            connection);
        Assert.Equal(1, await copy.ExecuteNonQueryAsync());
    }

    /// <inheritdoc/>
    /// <remarks>Every row of every table as text. Each tenant's rows are looked at as that tenant.</remarks>
    public Task<IReadOnlyList<string>> FindAnywhereAsync(IReadOnlyList<string> words) => FindAnywhereAsync(Options, words);

    public static async Task<IReadOnlyList<string>> FindAnywhereAsync(PostgresStoreOptions options, IReadOnlyList<string> words)
    {
        const string tablesSql =
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";
        const string tenantsSql =
            "SELECT set_config('role', 'memory_worker', false); SELECT DISTINCT tenant FROM owners; SELECT set_config('role', 'none', false)";
        await using var connection = await ConnectAsync(options);
        var tables = await ListAsync(connection, tablesSql);
        Assert.Contains("memory_versions", tables);
        var found = new List<string>();
        foreach (var tenant in (await ListAsync(connection, tenantsSql)).Where(static each => each is not ("none" or "memory_worker")))
        {
            await ListAsync(connection, $"SELECT set_config('memory.tenant', '{tenant}', false)");
            foreach (var table in tables)
            {
                var rows = string.Join('\n', await ListAsync(connection, $"SELECT x::text FROM {table} x"));
                found.AddRange(words.Where(word => rows.Contains(word, StringComparison.Ordinal)));
            }
        }

        return found;
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(string tenant) => ReadRowsAsync(Options, tenant);

    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadRowsAsync(PostgresStoreOptions options, string tenant)
    {
        await using var connection = await ConnectAsync(options);
        await ListAsync(connection, $"SELECT set_config('memory.tenant', '{tenant}', false)");
        var tables = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var table in await TenantTable.ListAsync(connection, default))
            tables.Add(table.Name, [.. (await ListAsync(connection, $"SELECT x::text FROM {table.Name} x WHERE x.tenant = '{tenant}'"))
                .Order(StringComparer.Ordinal)]);
        return tables;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await DropAsync(Options);
    }
}
