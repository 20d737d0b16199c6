using MemoryOrleans.Graph;
using MemoryOrleans.Recall;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Conformance;
using MemoryOrleans.Tenancy;
using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>A store in a schema of its own, which goes with it.</summary>
internal sealed class PostgresUnderTest : IStoreUnderTest
{
    private PostgresUnderTest(PostgresStoreOptions options, PostgresStore store) => (Options, Store) = (options, store);

    public PostgresStoreOptions Options { get; }

    public PostgresStore Store { get; private set; }

    public ISessionStore Sessions => Store;

    public IRecallFeed Feed => Store;

    public ITenantStore Tenants => Store;

    public IDueStore Due => Store;

    public IVectorStore Vectors => Store;

    public IGraphStore Graph => Store;

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

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await DropAsync(Options);
    }
}
