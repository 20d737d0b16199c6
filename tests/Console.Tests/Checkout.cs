namespace MemoryOrleans.Console.Tests;

/// <summary>The checkout this test assembly was built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MemoryOrleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("MemoryOrleans.sln was not found above the test assembly.");
    }
}
