using MemoryOrleans.Erasures;
using MemoryOrleans.Events;
using MemoryOrleans.Feed;
using MemoryOrleans.Graph;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Vectors;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Storage.Postgres;
using MemoryOrleans.Storage.Sqlite;
using MemoryOrleans.Tenancy;
using MemoryOrleans.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MemoryOrleans.Gateway.Tests;

/// <summary>
/// A store of its own for one gateway: a SQLite file, or, where MEMORY_TEST_STORE is <c>postgres</c>, a schema on the server
/// of MEMORY_TEST_POSTGRES. test.sh runs these tests on both.
/// </summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly object opened;
    private readonly Func<Task> remove;
    private readonly Func<Task<string>> readAll;

    private TestStore(object opened, Func<Task> remove, Func<Task<string>> readAll) =>
        (this.opened, this.remove, this.readAll) = (opened, remove, readAll);

    public static async Task<TestStore> OpenAsync() =>
        Environment.GetEnvironmentVariable("MEMORY_TEST_STORE") switch
        {
            null or "" or "sqlite" => await OpenSqliteAsync(),
            "postgres" => await OpenPostgresAsync(
                Environment.GetEnvironmentVariable("MEMORY_TEST_POSTGRES")
                ?? throw new InvalidOperationException("MEMORY_TEST_STORE=postgres needs MEMORY_TEST_POSTGRES, a postgres:// URL.")),
            var other => throw new InvalidOperationException($"MEMORY_TEST_STORE is sqlite or postgres, not {other}."),
        };

    public void AddTo(IServiceCollection services) =>
        services.AddSingleton((ISessionStore)opened).AddSingleton((IRecallFeed)opened).AddSingleton((ITenantStore)opened)
            .AddSingleton((IDueStore)opened).AddSingleton((IVectorStore)opened).AddSingleton((IGraphStore)opened)
            .AddSingleton((IMemoryStore)opened).AddSingleton((IErasureStore)opened).AddSingleton((IAuditStore)opened)
            .AddSingleton((ITransferStore)opened).AddSingleton((IEventStore)opened);

    /// <summary>All that the store keeps: its files after a checkpoint, or every column of every table of tenant default.</summary>
    public Task<string> ReadAllAsync() => readAll();

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)opened).DisposeAsync();
        await remove();
    }

    private static async Task<TestStore> OpenSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("memory-gateway-");
        var store = await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(folder.FullName, "memory.db") },
            TimeProvider.System);
        return new TestStore(
            store,
            () =>
            {
                folder.Delete(recursive: true);
                return Task.CompletedTask;
            },
            () => ReadFilesAsync(store, folder));
    }

    private static async Task<string> ReadFilesAsync(SqliteStore store, DirectoryInfo folder)
    {
        Assert.True(await store.CheckpointAsync());
        var all = new System.Text.StringBuilder();
        foreach (var file in folder.GetFiles().Where(static file => file.Extension != ".lock"))
        {
            await using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            all.Append(System.Text.Encoding.Latin1.GetString(copy.ToArray()));
        }

        return all.ToString();
    }

    private static async Task<TestStore> OpenPostgresAsync(string url)
    {
        var options = new PostgresStoreOptions { Url = url, Schema = $"test_{Guid.NewGuid():N}", PoolSize = 4, MaxOverflow = 4,
            CommitConnections = 2 };
        return new TestStore(await PostgresStore.OpenAsync(options, TimeProvider.System), () => DropAsync(options),
            () => ReadTablesAsync(options));
    }

    private static async Task<string> ReadTablesAsync(PostgresStoreOptions options)
    {
        const string TablesSql =
            "SELECT string_agg(c.relname, ',') FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";
        await using var source = Connect(options);
        await using var connection = await source.OpenConnectionAsync();
        await using (var bind = new NpgsqlCommand(
            $"SELECT set_config('search_path', '{options.Schema}', false), set_config('memory.tenant', 'default', false)", connection))
            await bind.ExecuteNonQueryAsync();
        await using var tables = new NpgsqlCommand(TablesSql, connection);
        var all = new System.Text.StringBuilder();
        foreach (var table in ((string)(await tables.ExecuteScalarAsync())!).Split(','))
        {
            await using var read = new NpgsqlCommand($"SELECT coalesce(string_agg(x::text, ' '), '') FROM {table} x", connection);
            all.Append((string)(await read.ExecuteScalarAsync())!);
        }

        return all.ToString();
    }

    private static async Task DropAsync(PostgresStoreOptions options)
    {
        await using var source = Connect(options);
        await using var drop = source.CreateCommand($"DROP SCHEMA {options.Schema} CASCADE");
        await drop.ExecuteNonQueryAsync();
    }

    private static NpgsqlDataSource Connect(PostgresStoreOptions options)
    {
        var url = new Uri(options.Url);
        var user = url.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host, Port = url.Port, Database = url.AbsolutePath[1..], Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null, Pooling = false,
        };
        return NpgsqlDataSource.Create(settings);
    }
}
