using System.Text.Json;
using System.Xml.Linq;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>
/// Every package that the product brings along, by the lock files, has a licence that lets it; and so has what tests need.
/// </summary>
public sealed class LicenceTests
{
    private static readonly HashSet<string> Allowed =
        new(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL"], StringComparer.Ordinal);

    // Their licence is a file; read once, and named here with what it is.
    private static readonly Dictionary<string, string> ReadByHand = new(StringComparer.OrdinalIgnoreCase)
    {
        ["microsoft.ml.onnxruntime"] = "MIT",
        ["microsoft.ml.onnxruntime.managed"] = "MIT",
        ["sqlite"] = "public domain",
    };

    // Of tests and benchmarks, and in nothing that is shipped.
    private static readonly Dictionary<string, string> OnlyUsedHere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["commandlineparser"] = "MIT",
        ["deque.axecore.commons"] = "MPL-2.0",
        ["fractions"] = "BSD-2-Clause",
        ["microsoft.dotnet.platformabstractions"] = "MIT",
    };

    [Fact]
    public void Every_package_of_the_product_has_a_licence_that_is_allowed()
    {
        var packages = PackagesOfProduct();
        Assert.InRange(packages.Count, 50, 1_000);
        var others = packages.Where(static package => !ReadByHand.ContainsKey(package.Id)
            && !Allowed.Contains(LicenceOf(package.Id, package.Version)))
            .Select(static package => $"{package.Id} {package.Version}: {LicenceOf(package.Id, package.Version)}");
        Assert.Empty(others);
    }

    [Fact]
    public void Every_package_of_tests_samples_and_benchmarks_has_one_as_well()
    {
        var packages = PackagesOf("tests").Union(PackagesOf("samples")).Union(PackagesOf("bench")).Union(PackagesOf("eng")).ToArray();
        Assert.InRange(packages.Length, 100, 1_000);
        var others = packages.Where(static package => !ReadByHand.ContainsKey(package.Id) && !OnlyUsedHere.ContainsKey(package.Id)
            && !Allowed.Contains(LicenceOf(package.Id, package.Version)))
            .Select(static package => $"{package.Id} {package.Version}: {LicenceOf(package.Id, package.Version)}");
        Assert.Empty(others);
    }

    [Fact]
    public void What_was_read_by_hand_is_still_brought_along() =>
        Assert.Empty(ReadByHand.Keys.Except(PackagesOfProduct().Select(static package => package.Id), StringComparer.OrdinalIgnoreCase));

    internal static bool IsAllowed(string id, string? licence) =>
        ReadByHand.ContainsKey(id) || (licence is not null && Allowed.Contains(licence));

    private static SortedSet<(string Id, string Version)> PackagesOfProduct() => PackagesOf("src");

    private static SortedSet<(string Id, string Version)> PackagesOf(string folder)
    {
        var packages = new SortedSet<(string, string)>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "packages.lock.json",
            SearchOption.AllDirectories))
        {
            using var locks = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var framework in locks.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                foreach (var package in framework.Value.EnumerateObject())
                {
                    if (package.Value.GetProperty("type").GetString() != "Project")
                        packages.Add((package.Name.ToLowerInvariant(),
                            package.Value.GetProperty("resolved").GetString()!.ToLowerInvariant()));
                }
            }
        }

        return packages;
    }

    private static string LicenceOf(string id, string version)
    {
        var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var licence = XDocument.Load(Path.Combine(folder, id, version, id + ".nuspec")).Descendants()
            .FirstOrDefault(static each => each.Name.LocalName == "license");
        return licence is null ? "none" : licence.Attribute("type")?.Value == "expression" ? licence.Value : "a file";
    }
}
