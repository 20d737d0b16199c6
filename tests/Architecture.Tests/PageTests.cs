using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>What readers copy out of the pages.</summary>
public sealed class PageTests
{
    private const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private static readonly string[] Pages =
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(Repository.Relative),
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "samples/README.md",
    ];

    [Theory]
    [InlineData("docs/mcp.md", 7)]
    public void Configurations_to_copy_are_json(string page, int least)
    {
        var blocks = Regex.Matches(Repository.Read(page), "```json\n(?<json>.*?)```",
            RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        Assert.InRange(blocks.Count, least, 100);
        Assert.All(blocks, static block => JsonDocument.Parse(block.Groups["json"].Value).Dispose());
    }

    [Fact]
    public void Configurations_to_copy_are_toml()
    {
        const string Text = "\"[^\"\\\\]*\"";
        var line = new Regex($@"^(\[\w+\.\w+\]|\w+ = ({Text}|\[{Text}(, {Text})*\]|{{ {Text} = {Text} }}))$", Linear);
        var blocks = BlocksOf("docs/mcp.md").Where(static block => block.Language == "toml").ToList();
        Assert.Equal(2, blocks.Count);
        Assert.All(blocks.SelectMany(static block => block.Code.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            each => Assert.Matches(line, each));
    }

    /// <summary>Shell blocks are run by DocumentedBlocksTests, which also finds those of C# in their tests.</summary>
    [Fact]
    public void Every_block_is_run_or_read_by_a_test_or_is_a_picture()
    {
        var languages = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var page in Pages.Append("clients/typescript/README.md"))
        {
            foreach (var (language, above, _) in BlocksOf(page))
            {
                languages.Add(language);
                Assert.True(language is "" or "sh" or "csharp" or "json" or "toml" or "python" or "ts",
                    $"{page} has a block of {language}, which no test runs");
                if (language is not ("python" or "ts"))
                    continue;
                Assert.StartsWith("<!-- run: ", above, StringComparison.Ordinal);
                var test = Repository.Read(above["<!-- run: ".Length..].Replace(" -->", "", StringComparison.Ordinal));
                Assert.Contains(page.StartsWith("docs/", StringComparison.Ordinal) ? page : "README.md", test, StringComparison.Ordinal);
            }
        }

        Assert.Equal(["", "csharp", "json", "python", "sh", "toml", "ts"], languages);
    }

    [Fact]
    public void Pages_name_files_that_are_there()
    {
        foreach (var page in Pages)
        {
            var links = Regex.Matches(Repository.Read(page), @"\]\((?<path>[^)#:]+)(#[^)]*)?\)", Linear);
            var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!);
            Assert.All(links, link =>
                Assert.True(Path.Exists(Path.Combine(folder, link.Groups["path"].Value)), $"{page} names {link.Groups["path"].Value}"));
        }
    }

    [Theory]
    [InlineData("docs/comparison.md", "^(\\| (?!MemoryOrleans|\\| at its|---).+|- \\*\\*(mem0|Zep|Letta|Hindsight|Chroma).+)$", 10)]
    [InlineData("docs/benchmarks.md", "^\\| .* LoCoMo, .+$", 5)]
    public void What_is_said_of_others_has_its_sources_and_the_day_they_were_read(string page, string statements, int least)
    {
        var text = Repository.Read(page);
        Assert.Matches(@"\bread on \d{1,2} \w+ 20\d\d\b", text);
        var said = Regex.Matches(text, statements, RegexOptions.Multiline, TimeSpan.FromSeconds(10));
        Assert.InRange(said.Count, least, 100);
        Assert.All(said, static statement => Assert.Contains("](https://", statement.Value, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Language, string Above, string Code)> BlocksOf(string page)
    {
        var lines = Repository.Read(page).ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            var end = Array.IndexOf(lines, "```", i + 1);
            yield return (lines[i][3..], i > 0 ? lines[i - 1] : "", string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }
}
