using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>What readers copy out of the pages.</summary>
public sealed class PageTests
{
    [Theory]
    [InlineData("docs/mcp.md", 7)]
    public void Configurations_to_copy_are_json(string page, int least)
    {
        var blocks = Regex.Matches(Repository.Read(page), "```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        Assert.InRange(blocks.Count, least, 100);
        Assert.All(blocks, static block => JsonDocument.Parse(block.Groups["json"].Value).Dispose());
    }

    [Fact]
    public void Pages_name_files_that_are_there()
    {
        foreach (var page in new[] { "docs/mcp.md", "docs/agents.md", "docs/clients.md" })
        {
            var links = Regex.Matches(Repository.Read(page), @"\]\((?<path>[^)#:]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
            Assert.All(links, link => Assert.True(
                Path.Exists(Path.Combine(Repository.Root, "docs", link.Groups["path"].Value)), $"{page} names {link.Groups["path"].Value}"));
        }
    }
}
