namespace MemoryOrleans.Cli.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--env", ".env.example")]
    [InlineData("--markdown", "docs/settings.md")]
    public async Task The_list_of_settings_is_up_to_date(string form, string path)
    {
        var ended = await MemoryProcess.RunAsync([], "settings", form);
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        var file = Checkout.PathOf(path);
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == ended.Output,
            $"{path} is not what the code has. Run: dotnet run --project src/Cli -- settings {form} > {path}");
    }

    [Fact]
    public async Task The_table_has_every_setting_whatever_is_set_here()
    {
        var env = await MemoryProcess.RunAsync(["MEMORY_LOG_LEVEL=nonsense", "MEMORY_WM_MAX_TURNS=7"], "settings", "--env");
        var names = env.Output.Split('\n').Where(static line => line.StartsWith("MEMORY_", StringComparison.Ordinal))
            .Select(static line => line.Split('=')[0]).ToArray();
        Assert.InRange(names.Length, 25, 500);
        Assert.Contains("MEMORY_WM_MAX_TURNS=20\n", env.Output, StringComparison.Ordinal);
        var table = await MemoryProcess.RunAsync([], "settings");
        var words = table.Output.Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        Assert.All(names, name => Assert.Contains(name, words));
    }

    [Fact]
    public async Task The_defaults_that_are_listed_are_accepted()
    {
        var env = await MemoryProcess.RunAsync([], "settings", "--env");
        var defaults = env.Output.Split('\n')
            .Where(static line => line.StartsWith("MEMORY_", StringComparison.Ordinal)
            && line.Split('=')[0] is not ("MEMORY_URLS" or "MEMORY_DATABASE_URL"));
        await using var server = await RunningServer.StartAsync([.. defaults]);
        Assert.Equal("ok", (await server.Client.GetReadyAsync()).Status);
    }

    [Fact]
    public async Task Help_explains_every_command_and_lists_them_in_a_line_each()
    {
        var root = await MemoryProcess.RunAsync([]);
        Assert.Equal(0, root.ExitCode);
        foreach (var command in new[]
        {
            "serve", "import", "recall", "health", "summary", "settings", "sessions", "memories", "entities", "tenants", "context",
                "doctor", "try", "completion",
        })
        {
            Assert.Single(root.Output.Split('\n'), line => line.StartsWith($"  {command} ", StringComparison.Ordinal));
            var help = await MemoryProcess.RunAsync([], command, "--help");
            Assert.Equal((0, string.Empty), (help.ExitCode, help.Error));
            Assert.Contains($"memory {command}", help.Output, StringComparison.Ordinal);
        }

        var typo = await MemoryProcess.RunAsync([], "recal", "x");
        Assert.Equal((2, string.Empty), (typo.ExitCode, typo.Output));
        Assert.Contains("recall", typo.Error, StringComparison.Ordinal);
    }
}
