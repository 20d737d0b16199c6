using System.Text.RegularExpressions;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>
/// The folders of the core are its capabilities, and namespaces follow them. What lies in the core's root is the base of all.
/// </summary>
public sealed class FolderTests
{
    private const string Core = "src/Memory";
    private const string RootNamespace = "MemoryOrleans";
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    private static readonly List<(string Path, string Text)> Files =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, Core), "*.cs", SearchOption.AllDirectories)
            .Select(static path => (Path: Repository.Relative(path)[(Core.Length + 1)..], Text: File.ReadAllText(path)))
            .Where(static file => file.Path.Split('/')[0] is not ("bin" or "obj")),
    ];

    private static readonly HashSet<string> Folders =
        [.. Files.Select(static file => FolderOf(file.Path)).Where(static folder => folder.Length > 0)];

    // "Folder.Type", by the names of the files: "Facts.Where" of a property Facts is none of them.
    private static readonly HashSet<string> Types =
        [.. Files.Select(static file => $"{FolderOf(file.Path)}.{Path.GetFileNameWithoutExtension(file.Path)}")];

    [Fact]
    public void Namespaces_of_the_core_follow_its_folders()
    {
        var astray = Files.Where(static file =>
            NamespaceOf(file.Text) != string.Join('.', file.Path.Split('/').SkipLast(1).Prepend(RootNamespace)));
        Assert.Empty(astray.Select(static file => file.Path));
    }

    [Fact]
    public void Folders_of_the_core_form_no_cycle()
    {
        var edges = Files.GroupBy(static file => FolderOf(file.Path), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.SelectMany(Named).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Contains("Sessions", edges["Memories"]);
        var cycle = FindCycle(edges);
        Assert.True(cycle is null, $"The folders use each other in a circle: {string.Join(" → ", cycle ?? [])}");
    }

    [Fact]
    public void A_cycle_is_found_and_told_in_its_order()
    {
        var edges = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal)
        {
            ["A"] = ["B"], ["B"] = ["C", "D"], ["C"] = ["B"], ["D"] = [],
        };
        Assert.Equal(["B", "C", "B"], FindCycle(edges));
        edges["C"] = ["D"];
        Assert.Null(FindCycle(edges));
    }

    private static string FolderOf(string path) =>
        path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";

    private static string NamespaceOf(string text) => Repository.Names(text, @"^namespace ([\w.]+);").Single();

    // Folders that a file names: in its using directives and in qualified names ("MemoryOrleans.Sessions.Turn", "Sessions.Turn"). Comments
    // do
    // not count: what a reader is pointed to is no dependency.
    private static IEnumerable<string> Named((string Path, string Text) file)
    {
        var code = Regex.Replace(file.Text, "//.*$", "", RegexOptions.Multiline, MatchTime);
        var qualified = Repository.Names(code, @"(?<![\w.])([A-Z]\w+\.[A-Z]\w*)").Where(Types.Contains)
            .Select(static name => name.Split('.')[0]);
        return Repository.Names(code, @$"\b{RootNamespace}\.(\w+)").Union(qualified)
            .Where(folder => Folders.Contains(folder) && folder != FolderOf(file.Path));
    }

    private static List<string>? FindCycle(IReadOnlyDictionary<string, HashSet<string>> edges)
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in edges.Keys.Order(StringComparer.Ordinal))
        {
            if (Walk(start, []) is { } cycle)
                return cycle;
        }

        return null;

        List<string>? Walk(string folder, List<string> way)
        {
            var met = way.IndexOf(folder);
            if (met >= 0)
                return [.. way[met..], folder];
            if (finished.Contains(folder))
                return null;
            foreach (var next in edges.GetValueOrDefault(folder, []).Order(StringComparer.Ordinal))
            {
                if (Walk(next, [.. way, folder]) is { } cycle)
                    return cycle;
            }

            finished.Add(folder);
            return null;
        }
    }
}
