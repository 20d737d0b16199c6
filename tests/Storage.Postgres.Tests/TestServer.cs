using System.Diagnostics;

namespace MemoryOrleans.Storage.Postgres.Tests;

/// <summary>
/// The PostgreSQL server tests run against: that of MEMORY_TEST_POSTGRES (a postgres:// URL), else one that
/// deploy/dev/postgres.sh starts, once for the assembly. Without a server the tests fail; they never skip.
/// </summary>
internal static class TestServer
{
    public const string Variable = "MEMORY_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    public static Task<string> UrlAsync() => Started.Value;

    /// <summary>Runs the script with further settings; its output. Throws with the script's message when it fails.</summary>
    public static Task<string> RunScriptAsync(string command, params (string Name, string Value)[] settings) =>
        RunScriptAsync(command, settings, []);

    /// <param name="arguments">After the command.</param>
    public static async Task<string> RunScriptAsync(string command, (string Name, string Value)[] settings, params string[] arguments)
    {
        var script = Path.Combine(RepositoryRoot(), "deploy", "dev", "postgres.sh");
        var start = new ProcessStartInfo("bash", [script, command, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"These tests need PostgreSQL: set {Variable}, or help '{script} {command}': {await errors}");
        return (await output).Trim();
    }

    private static async Task<string> StartAsync() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : await RunScriptAsync("start");

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("MemoryOrleans.sln was not found above the test assembly.");
    }
}
