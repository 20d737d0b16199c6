using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>The checkout this test assembly was built from.</summary>
internal static class Repository
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    public static string Root { get; } = FindRoot();

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The text of a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>What the first group of a pattern matches, line by line.</summary>
    public static SortedSet<string> Names(string text, string pattern) => new(
        Regex.Matches(text, pattern, RegexOptions.Multiline, MatchTime).Select(static match => match.Groups[1].Value),
        StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("MemoryOrleans.sln was not found above the test assembly.");
    }
}
