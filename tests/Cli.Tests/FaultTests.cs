using System.Diagnostics;
using System.Text.Json;

namespace MemoryOrleans.Cli.Tests;

/// <summary>What people stumbled over at the command line, over the quick start's two sessions.</summary>
public sealed class FaultTests(QuickStart fixture) : IClassFixture<QuickStart>
{
    private readonly RunningServer server = fixture.Server;

    [Theory]
    [InlineData("--requeue must be a whole number, 1 or more, but is 'abc'.", "jobs", "--requeue", "abc")]
    [InlineData("--state must be one of ready, dead, but is 'weird'.", "jobs", "--state", "weird")]
    [InlineData("--limit must be a whole number from 1 to 100, but is 'x'.", "audit", "--limit", "x")]
    public async Task A_wrong_option_is_a_usage_error_in_plain_words(string sentence, params string[] command)
    {
        var ended = await server.RunAsync(command);
        Assert.Equal((2, string.Empty), (ended.ExitCode, ended.Output));
        Assert.StartsWith(sentence, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_is_named_with_the_nearest_one_by_commands_too()
    {
        var ended = await MemoryProcess.RunAsync([$"MEMORY_BASE_URL={server.Address}", "MEMORY_API_KEYZ=x"], "summary");
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("Warning: MEMORY_API_KEYZ is not a setting of this version; did you mean MEMORY_API_KEY?\n", ended.Error);
    }

    [Theory]
    [InlineData("--session", "awake", "5 turns, 0 memories of the session")]
    [InlineData("--memory", "awake:1", "1 turn, whose place")]
    [InlineData("--user", "mira", "2 sessions with 12 turns, 0 memories, 0 entities")]
    public async Task An_erasure_says_how_much_goes_before_it_asks(string option, string id, string amount)
    {
        var ended = await server.RunAsync("erase", option, id);
        Assert.Equal((2, string.Empty), (ended.ExitCode, ended.Output));
        Assert.Contains(amount, ended.Error, StringComparison.Ordinal);
        Assert.EndsWith("say --yes.\n", ended.Error, StringComparison.Ordinal);
        Assert.Equal(12, (await server.Client.GetSummaryAsync()).Turns);
    }

    [Fact]
    public async Task An_export_that_nobody_reads_to_its_end_is_not_called_exported()
    {
        await using var large = await RunningServer.StartAsync();
        Assert.Equal(0, (await large.RunAsync("import", Checkout.PathOf("samples/conversations.json"))).ExitCode);
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardError = true,
            RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{{ \"{dotnet}\" \"{Path.Combine(AppContext.BaseDirectory, "memory.dll")}\" export --base {large.Address}; echo \"rc=$?\" >&2; }} | head -c 1");
        using var piped = Process.Start(start)!;
        var error = piped.StandardError.ReadToEndAsync();
        Assert.Equal("{", await piped.StandardOutput.ReadToEndAsync());
        await piped.WaitForExitAsync();
        Assert.EndsWith("rc=1\n", await error, StringComparison.Ordinal);
        Assert.Contains("The export is not whole", await error, StringComparison.Ordinal);
        Assert.DoesNotContain("exported", await error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("40")]
    [InlineData("80")]
    [InlineData("120")]
    public async Task No_word_is_broken_whatever_the_width(string columns)
    {
        // Jobs have long words and many columns, recall has sentences.
        foreach (var command in new[] { new[] { "jobs" }, ["recall", "new", "ramp", "--limit", "12", "--explain"], ["audit"], ["health"] })
        {
            var ended = await MemoryProcess.RunAsync([$"MEMORY_BASE_URL={server.Address}", $"COLUMNS={columns}"], command);
            Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
            Assert.All(ended.Output.Split('\n'),
                line => Assert.InRange(line.Length, 0, int.Parse(columns, System.Globalization.CultureInfo.InvariantCulture)));
            var words = ended.Output.Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            string[] expected = command[0] switch { "jobs" => ["distil", "decay_sweep", "hello"], "recall" => ["tortoise", "skateboard."],
                _ => [] };
            Assert.All(expected, word => Assert.Contains(word, words));
        }
    }

    [Theory]
    [InlineData("tenant", "summary")]
    [InlineData("components", "health")]
    [InlineData("recurring", "jobs")]
    [InlineData("items", "audit")]
    [InlineData("whole", "audit", "verify")]
    [InlineData("items", "recall", "Pascal")]
    public async Task Json_is_what_the_memory_answers(string member, params string[] command)
    {
        var ended = await server.RunAsync([.. command, "--json"]);
        Assert.Equal((0, string.Empty), (ended.ExitCode, ended.Error));
        using var answer = JsonDocument.Parse(ended.Output);
        Assert.True(answer.RootElement.TryGetProperty(member, out _), ended.Output);
    }
}
