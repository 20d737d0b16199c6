using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>Every exception is caught at boundaries only, and each says of what it is one and why.</summary>
public sealed class CatchTests
{
    private const int LinesAboveMax = 20;
    private const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>
    /// A catch of everything, or of everything but a few: one whose filter asks for kinds by name or by a named rule is narrow.
    /// </summary>
    private static readonly Regex Broad = new(@"^\s*catch( \(Exception( \w+)?\)( when \(\w+ is not .*\))?)?$", Linear);

    [Fact]
    public void A_catch_of_everything_says_whose_boundary_it_is_or_lets_it_go_on()
    {
        var found = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(Repository.Relative))
        {
            if (Regex.IsMatch(path, "/(bin|obj)/", Linear))
                continue;
            var lines = Repository.Read(path).ReplaceLineEndings("\n").Split('\n');
            foreach (var at in Enumerable.Range(0, lines.Length).Where(at => Broad.IsMatch(lines[at])))
            {
                found++;
                var inside = lines[(at + 1)..Array.IndexOf(lines, lines[at][..lines[at].IndexOf('c', StringComparison.Ordinal)] + "}", at)];
                var goesOn = inside.Any(static line => line.TrimStart().StartsWith("throw", StringComparison.Ordinal));
                var above = lines[Math.Max(0, at - LinesAboveMax)..at]
                    .Any(static line => line.Contains("boundary", StringComparison.Ordinal));
                var isSaid = above || inside.Any(static line => line.TrimStart().StartsWith("//", StringComparison.Ordinal));
                Assert.True(goesOn || isSaid,
                    $"{path}:{at + 1} catches everything and does not say why: narrow it, or say whose boundary it is.");
            }
        }

        Assert.InRange(found, 10, 60);
    }
}
