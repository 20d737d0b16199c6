using Npgsql;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>
/// Two databases of their own on the server that deploy/dev/postgres.sh starts. Where MEMORY_TEST_POSTGRES names another server, whose
/// role may not make databases, two schemas of its database stand for them: a store knows no difference.
/// </summary>
internal sealed class TwoDatabases : IAsyncDisposable
{
    private readonly string[] made;

    private TwoDatabases(PostgresStoreOptions home, PostgresStoreOptions second, string[] made) =>
        (Home, Second, this.made) = (home, second, made);

    public PostgresStoreOptions Home { get; }

    public PostgresStoreOptions Second { get; }

    public static async Task<TwoDatabases> MakeAsync()
    {
        var url = await TestServer.UrlAsync();
        if (Environment.GetEnvironmentVariable(TestServer.Variable) is { Length: > 0 })
            return new TwoDatabases(OptionsOf(url, NewName()), OptionsOf(url, NewName()), []);
        string[] names = [NewName(), NewName()];
        if (!PostgresUrl.TryParse(url, out var server, out var wrong))
            throw new InvalidOperationException(wrong);
        foreach (var name in names)
            await AdminAsync($"CREATE DATABASE {name} OWNER {server.Username}");
        return new TwoDatabases(OptionsOf(Of(names[0]), "memory"), OptionsOf(Of(names[1]), "memory"), names);

        string Of(string name) => new UriBuilder(url) { Path = name }.Uri.AbsoluteUri;
    }

    /// <summary>The number of rows of a tenant in a table of one of them.</summary>
    public static async Task<long> CountAsync(PostgresStoreOptions options, string table, string tenant)
    {
        await using var connection = await PostgresUnderTest.ConnectAsync(options);
        await using var command =
            new NpgsqlCommand($"SELECT set_config('memory.tenant', '{tenant}', false); SELECT count(*) FROM {table}", connection);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.NextResultAsync();
        await rows.ReadAsync();
        return rows.GetInt64(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (made.Length == 0)
        {
            await PostgresUnderTest.DropAsync(Home);
            await PostgresUnderTest.DropAsync(Second);
        }

        foreach (var name in made)
            await AdminAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    private static string NewName() => $"test_{Guid.NewGuid():N}";

    private static PostgresStoreOptions OptionsOf(string url, string schema) => new()
    {
        Url = url, Schema = schema, PoolSize = 2, MaxOverflow = 6, CommitConnections = 2, ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    private static Task<string> AdminAsync(string sql) => TestServer.RunScriptAsync("admin", [], "-d", "postgres", "-c", sql);
}
