using System.Diagnostics;
using MemoryOrleans.Client;
using MemoryOrleans.Contracts;

namespace MemoryOrleans.Cli.Tests;

/// <summary>
/// Every shell block of the pages is run against a memory of its own, every C# block is a part of a test. A block that cannot be run
/// says why in a comment right above it: <c>not run: REASON</c>; one of C# says where it is run: <c>run: FILE</c>.
/// </summary>
public sealed class DocumentedBlocksTests
{
    private const string NotRun = "<!-- not run: ";
    private const string RunIn = "<!-- run: ";

    public static TheoryData<string> Pages() => [.. Directory.GetFiles(Checkout.PathOf("docs"), "*.md").Append(Checkout.PathOf("README.md"))
        .Where(static page => BlocksOf(File.ReadAllText(page), "sh")
        .Any(static block => !block.Above.StartsWith(NotRun, StringComparison.Ordinal)))
        .Select(static page => Path.GetRelativePath(Checkout.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_s_shell_blocks_run_one_after_another(string page)
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var (code, above) in BlocksOf(await File.ReadAllTextAsync(Checkout.PathOf(page)), "sh"))
        {
            if (above.StartsWith(NotRun, StringComparison.Ordinal))
                continue;
            var (exitCode, said) = await RunAsync(code, server.Address);
            Assert.True(exitCode == 0, $"{page}:\n{code}\nended with {exitCode}: {said}");
        }
    }

    [Fact]
    public void A_block_that_is_not_run_says_why_and_one_of_csharp_is_in_its_test_word_for_word()
    {
        var run = 0;
        foreach (var page in Directory.GetFiles(Checkout.PathOf("docs"), "*.md").Append(Checkout.PathOf("README.md")))
        {
            var text = File.ReadAllText(page);
            foreach (var (code, above) in BlocksOf(text, "sh").Concat(BlocksOf(text, "csharp")))
            {
                if (above.StartsWith(NotRun, StringComparison.Ordinal))
                    Assert.InRange(above.Length - NotRun.Length, 20, 200);
            }

            foreach (var (code, above) in BlocksOf(text, "csharp")
                .Where(static block => !block.Above.StartsWith(NotRun, StringComparison.Ordinal)))
            {
                Assert.True(above.StartsWith(RunIn, StringComparison.Ordinal), $"{page} does not say where this is run:\n{code}");
                var test = File.ReadAllText(Checkout.PathOf(above[RunIn.Length..].Replace(" -->", string.Empty, StringComparison.Ordinal)))
                    .Replace("new Uri(server.Address)", "new Uri(\"http://127.0.0.1:8080\")", StringComparison.Ordinal);
                Assert.All(code.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                    line => Assert.Contains(line.Trim(), test, StringComparison.Ordinal));
                run++;
            }
        }

        Assert.InRange(run, 1, 100);
    }

    [Fact]
    public async Task What_docs_clients_shows_of_the_dotnet_client_works()
    {
        await using var server = await RunningServer.StartAsync();
        string? key = null;
        using var http = new MemoryClientOptions { Address = new Uri(server.Address), ApiKey = key }.CreateHttp();
        var memory = new MemoryClient(http, key);
        await memory.AppendAsync("s1", new AppendTurnRequest { Role = "user", Content = "My starter is called Hubert.", UserId = "mira" });
        var found = await memory.RecallAsync(new RecallRequest { Query = "What is the starter called?", UserId = "mira" });
        await foreach (var turn in memory.EnumerateTurnsAsync("s1")) { }
        Assert.Equal("My starter is called Hubert.", found.Items[0].Content);
    }

    /// <summary>Blocks of a language, each with the line above it.</summary>
    private static List<(string Code, string Above)> BlocksOf(string page, string language)
    {
        var lines = page.ReplaceLineEndings("\n").Split('\n');
        var blocks = new List<(string, string)>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "```" + language)
                continue;
            var end = Array.IndexOf(lines, "```", i + 1);
            blocks.Add((string.Join('\n', lines[(i + 1)..end]), i > 0 ? lines[i - 1] : string.Empty));
            i = end;
        }

        return blocks;
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string code, string address)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var program = $"\"{dotnet}\" \"{Path.Combine(AppContext.BaseDirectory, "memory.dll")}\"";
        var start = new ProcessStartInfo("/bin/bash")
        {
            WorkingDirectory = Checkout.Root, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true,
                RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MEMORY_", StringComparison.OrdinalIgnoreCase))
            .ToArray())
            start.Environment.Remove(name);
        start.Environment["MEMORY_BASE_URL"] = address;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.StandardInput.WriteAsync($$"""
            set -euo pipefail
            memory() { {{program}} "$@" < /dev/null; }
            curl() { command curl --fail-with-body "$@"; }
            {{code.Replace("dotnet src/Cli/bin/Release/net10.0/memory.dll", "memory", StringComparison.Ordinal).Replace("localhost:8080", address["http://".Length..], StringComparison.Ordinal)}}

            """);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output + await error);
    }
}
