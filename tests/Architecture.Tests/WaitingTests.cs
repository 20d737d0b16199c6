using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>Tests do not sleep: what happens in its own time is waited for by Eventually, which fails with what it saw last.</summary>
public sealed class WaitingTests
{
    private const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>Where time passes because that is what is played: a slow server, a client's pause between two attempts.</summary>
    private static readonly Dictionary<string, int> Played = new(StringComparer.Ordinal)
    {
        ["tests/Eventually.cs"] = 1, ["tests/Scripted.Embedder/ScriptedEmbedder.cs"] = 1,
            ["tests/Storage.Postgres.Tests/Databases/MovingTests.cs"] = 2,
    };

    [Fact]
    public void Only_Eventually_waits_by_the_clock()
    {
        var sleep = new Regex(@"\bTask\.Delay\((?!Timeout\.Infinite)|\bThread\.Sleep\(|\bnew PeriodicTimer\(",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Repository.Relative)
            .Where(static path => !Regex.IsMatch(path, "/(bin|obj)/", Linear)
            && !path.EndsWith("/WaitingTests.cs", StringComparison.Ordinal))
            .Select(path => (Path: path, Count: sleep.Count(Repository.Read(path)))).Where(static each => each.Count > 0);

        Assert.Equal(Played.OrderBy(static each => each.Key, StringComparer.Ordinal),
            found.OrderBy(static each => each.Path, StringComparer.Ordinal)
            .Select(static each => KeyValuePair.Create(each.Path, each.Count)));
    }
}
