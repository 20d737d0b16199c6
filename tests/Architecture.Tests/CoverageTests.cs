using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>docs/coverage.md has every tool, adapter, client call and screen, and the tests that it names are there.</summary>
public sealed class CoverageTests
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline;

    private static readonly (string Name, string File, string Test)[] Rows =
    [
        .. Regex.Matches(Repository.Read("docs/coverage.md"), @"^\| `(?<name>[^`]+)` \| (?<file>\S+): (?<test>\w+) \|$", Linear)
            .Select(static row => (row.Groups["name"].Value, row.Groups["file"].Value, row.Groups["test"].Value)),
    ];

    [Fact]
    public void Every_tool_has_its_test() => Hold(Find("src/Tools", "*Tools.cs", @"^            Name = ""(?<name>\w+)"",$"), 11);

    [Fact]
    public void Every_call_of_the_client_has_its_test() =>
        Hold(Find("src/Client", "MemoryClient*.cs", @"^    public (async )?(Task|IAsyncEnumerable)(<[^(]+>)? (?<name>\w+)\("), 70);

    [Fact]
    public void Every_adapter_has_its_test()
    {
        var types = Find("src/Agents", "*.cs", @"^public sealed class (?<name>Memory\w+(Provider|Client))\b");
        var lines = Find("src/Agents", "*.cs", @"^    public static (ChatClientBuilder|IServiceCollection) (?<name>\w+)\(");
        Hold([.. types, .. lines], 5);
    }

    [Fact]
    public void Every_screen_of_the_console_has_its_test() =>
        Hold(Find("src/Gateway/Console/Assets", "index.html", @"<a href=""(?<name>#/\w+)"">"), 8);

    [Fact]
    public void Every_single_screen_of_the_console_has_its_test()
    {
        var list = Regex.Match(Repository.Read("src/Gateway/Console/Assets/main.js"), "^const single = {(?<names>[^}]+)};", Linear)
            .Groups["names"].Value;
        Hold([.. list.Split(',').Select(static pair => $"#/{pair.Split(':')[0].Trim()}/{{id}}")], 3);
    }

    [Fact]
    public void Every_resource_and_prompt_has_its_test()
    {
        var prompts = Find("src/Gateway/Mcp", "MemoryPrompts.cs", @"(^                Name|Prompt { Name) = ""(?<name>\w+)"",");
        Hold([.. prompts, "memory://sessions/{session_id}", "memory://users/{user_id}/profile"], 4);
    }

    [Fact]
    public void Every_call_of_the_clients_for_python_and_typescript_is_a_step_that_both_run()
    {
        var rows = Regex.Matches(
            Repository.Read("docs/coverage.md"), @"^\| `(?<python>[a-z_]+)` \| `(?<typescript>\w+)` \| (?<file>\S+): (?<what>\w+) \|$",
            Linear);
        Assert.Equal(Calls("clients/python/memory_orleans.py", @"^    def (?<name>[a-z]\w*)\("), Names("python"));
        Assert.Equal(Calls("clients/typescript/src/client.ts", @"^  (?<name>[a-z]\w*)\(").Except(["constructor"]), Names("typescript"));
        Assert.All(rows, static row =>
        {
            var (file, what) = (row.Groups["file"].Value, row.Groups["what"].Value);
            Assert.Contains(file.EndsWith(".json", StringComparison.Ordinal) ? $"\"call\": \"{what}\"" : $" {what}(",
                Repository.Read(file), StringComparison.Ordinal);
        });

        IEnumerable<string> Names(string column) => rows.Select(row => row.Groups[column].Value).Order(StringComparer.Ordinal);
        static IEnumerable<string> Calls(string file, string pattern) =>
            Regex.Matches(Repository.Read(file).ReplaceLineEndings("\n"), pattern, Linear)
                .Select(static match => match.Groups["name"].Value).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Every_test_that_is_named_is_there_and_speaks_of_its_call()
    {
        Assert.NotEmpty(Rows);
        Assert.All(Rows, static row =>
        {
            var text = Repository.Read(row.File);
            Assert.Contains($" {row.Test}(", text, StringComparison.Ordinal);
            if (row.Name.EndsWith("Async", StringComparison.Ordinal))
                Assert.Contains(row.Name + "(", text, StringComparison.Ordinal);
        });
    }

    private static string[] Find(string folder, string files, string pattern) =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, folder), files)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file).ReplaceLineEndings("\n"), pattern, Linear))
            .Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal),
    ];

    private static void Hold(string[] names, int least)
    {
        Assert.InRange(names.Length, least, 500);
        Assert.Empty(names.Except(Rows.Select(static row => row.Name), StringComparer.Ordinal));
    }
}
