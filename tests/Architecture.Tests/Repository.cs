namespace MemoryOrleans.Architecture.Tests;

/// <summary>The checkout this test assembly was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("MemoryOrleans.sln was not found above the test assembly.");
    }
}
