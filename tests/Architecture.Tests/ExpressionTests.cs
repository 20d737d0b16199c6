using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>
/// No regular expression of the product backtracks: what callers send and what is stored is read in time linear in its
/// length, so no text can hold up or break the reading of others.
/// </summary>
public sealed partial class ExpressionTests
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    [Fact]
    public void No_expression_of_the_product_backtracks()
    {
        var expressions = 0;
        var backtracking = new List<string>();
        foreach (var path in SourceFiles())
        {
            var text = File.ReadAllText(path);
            foreach (Match made in Made().Matches(text))
            {
                expressions++;
                if (!Linear().IsMatch(made.Value))
                    backtracking.Add($"{Repository.Relative(path)}: {made.Value.ReplaceLineEndings(" ")[..Math.Min(100, made.Length)]}");
            }
        }

        Assert.Empty(backtracking);
        Assert.True(expressions > 0, "no expression was found");
    }

    /// <summary>What does not backtrack builds megabytes of tables instead; the core reads texts by patterns of its own.</summary>
    [Fact]
    public void The_core_has_no_expression_at_all() => Assert.Empty(SourceFiles()
        .Where(static path => Repository.Relative(path).StartsWith("src/Memory/", StringComparison.Ordinal))
        .Where(static path => File.ReadAllText(path).Contains("RegularExpressions", StringComparison.Ordinal))
        .Select(Repository.Relative));

    /// <summary>These take a pattern with options of their own, mostly none.</summary>
    [Fact]
    public void No_pattern_is_used_without_being_made_into_an_expression_first() =>
        Assert.Empty(SourceFiles().Where(static path => Immediate().IsMatch(File.ReadAllText(path))).Select(Repository.Relative));

    [Theory]
    [InlineData("[GeneratedRegex(@\"a+[)]\", RegexOptions.None)]\n private static partial Regex A();", false)]
    [InlineData("[GeneratedRegex(\"(a|b)*\", RegexOptions.NonBacktracking, -1)]\n private static partial Regex A();", true)]
    [InlineData("private static readonly Regex A = new(\"a+\", RegexOptions.Compiled);", false)]
    [InlineData("public static Regex A(string pattern) => new(pattern, RegexOptions.NonBacktracking);", true)]
    [InlineData("var a = new Regex(pattern);", false)]
    public void The_search_finds_every_way_to_make_one(string source, bool isLinear) =>
        Assert.Equal(isLinear, Linear().IsMatch(Assert.Single(Made().Matches(source)).Value));

    private static IEnumerable<string> SourceFiles() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(static path => !Repository.Relative(path).Split('/').Any(static part => part is "bin" or "obj"));

    [GeneratedRegex(
        @"\[GeneratedRegex\((.|\n)*?partial Regex \w+|\bRegex\b[^;{""]*=>?\s*new\([^;]*;|\bnew (System\.Text\.RegularExpressions\.)?Regex\([^;]*;",
        Options)]
    private static partial Regex Made();

    [GeneratedRegex(@"RegexOptions\.NonBacktracking", Options)]
    private static partial Regex Linear();

    [GeneratedRegex(@"\bRegex\.(IsMatch|Match|Matches|Count|Replace|Split|EnumerateMatches|EnumerateSplits)\(", Options)]
    private static partial Regex Immediate();
}
