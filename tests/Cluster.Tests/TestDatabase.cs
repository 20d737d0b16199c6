using System.Diagnostics;
using MemoryOrleans.Storage.Postgres;
using Npgsql;

namespace MemoryOrleans.Cluster.Tests;

/// <summary>
/// A schema of its own on the server of MEMORY_TEST_POSTGRES (a postgres:// URL), else on one that deploy/dev/postgres.sh starts.
/// Without a server the tests fail; they never skip.
/// </summary>
internal static class TestDatabase
{
    public const string Variable = "MEMORY_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    public static Task<string> UrlAsync() => Started.Value;

    public static async Task<PostgresStoreOptions> NewOptionsAsync() => new()
    {
        Url = await UrlAsync(), Schema = $"test_{Guid.NewGuid():N}", PoolSize = 4, MaxOverflow = 4, CommitConnections = 2,
    };

    public static async Task DropAsync(PostgresStoreOptions options)
    {
        if (!PostgresUrl.TryParse(options.Url, out var settings, out var wrong))
            throw new InvalidOperationException($"{Variable} {wrong}");
        settings.Pooling = false;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command =
            new NpgsqlCommand($"DROP SCHEMA IF EXISTS {options.Schema} CASCADE; DROP SCHEMA IF EXISTS {options.Schema}_cluster CASCADE",
            connection);
        await command.ExecuteNonQueryAsync();
    }

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("MemoryOrleans.sln was not found above the test assembly.");
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url)
            return url;
        var script = Path.Combine(RepositoryRoot(), "deploy", "dev", "postgres.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, "start"]) { UseShellExecute = false,
            RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim()
            : throw new InvalidOperationException($"These tests need PostgreSQL: set {Variable}, or help '{script} start'.");
    }
}
