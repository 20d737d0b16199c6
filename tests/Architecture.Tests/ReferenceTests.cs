using System.Xml.Linq;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>References point inward only: what each project of src may reference, and nothing else.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Memory"] = [],
        ["Contracts"] = [],
        ["Models"] = ["Memory"],
        ["Settings"] = ["Memory"],
        ["Engine"] = ["Memory"],

        // What the stores share and has no SQL.
        ["Storage"] = ["Memory"],
        ["Storage.Sqlite"] = ["Memory", "Storage"],
        ["Storage.Postgres"] = ["Memory", "Storage"],
        ["Grains.Interfaces"] = ["Memory"],
        ["Grains"] = ["Engine", "Memory", "Grains.Interfaces"],
        ["Gateway"] = ["Client", "Contracts", "Memory", "Settings", "Tools"],
        ["Client"] = ["Contracts"],

        // What models may do, over the client: of a memory elsewhere, or of this process.
        ["Tools"] = ["Client", "Contracts"],
        ["Agents"] = ["Client", "Contracts", "Tools"],

        // The composition: settings, the store and the models they choose, Orleans, the gateway.
        ["Silo"] = ["Engine", "Gateway", "Grains", "Models", "Settings", "Storage.Postgres", "Storage.Sqlite"],
    };

    // Only this references what it likes.
    private static readonly string[] Executables = ["Cli"];

    // Only these may name Orleans' packages.
    private static readonly string[] OrleansProjects =
        ["Bench.Simulate", "Grains.Interfaces", "Grains", "Silo", "Cluster.Tests", "CoHosted"];

    public static TheoryData<string> Projects => [.. ProjectFiles("src").Select(NameOf)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_references_inward_only(string project)
    {
        var references = ReferencesOf(ProjectFiles("src").Single(path => NameOf(path) == project));
        if (Executables.Contains(project))
        {
            Assert.DoesNotContain(references, static name => Executables.Contains(name));
            return;
        }

        Assert.True(Allowed.ContainsKey(project), $"{project} is new: say in this test what it may reference.");
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void The_core_uses_no_package_and_no_framework_but_the_base_library()
    {
        var core = XDocument.Load(Path.Combine(Repository.Root, "src/Memory/Memory.csproj"));
        Assert.Empty(core.Descendants("PackageReference"));
        Assert.Empty(core.Descendants("FrameworkReference"));
        Assert.Empty(core.Descendants("ProjectReference"));
    }

    [Fact]
    public void Orleans_stays_in_its_own_projects()
    {
        var trespassers = ProjectFiles("src").Concat(ProjectFiles("tests")).Concat(ProjectFiles("bench"))
            .Where(static path => !OrleansProjects.Contains(NameOf(path)))
            .Where(static path => File.ReadAllText(path).Contains("Orleans.", StringComparison.Ordinal)
            && PackagesOf(path).Any(static id => id.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)));
        Assert.Empty(trespassers.Select(Repository.Relative));
    }

    [Fact]
    public void The_solution_builds_every_project_in_both_configurations()
    {
        var solution = File.ReadAllLines(Path.Combine(Repository.Root, "MemoryOrleans.sln"));
        foreach (var path in ProjectFiles("src").Concat(ProjectFiles("tests")).Concat(ProjectFiles("bench")))
        {
            var place = '"' + Repository.Relative(path).Replace('/', '\\') + '"';
            var entry = Assert.Single(solution, line => line.Contains(place, StringComparison.Ordinal));
            var id = entry.Split('"')[^2];
            foreach (var configuration in new[] { "Debug", "Release" })
                Assert.Contains($"\t\t{id}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU", solution);
        }
    }

    [Fact]
    public void Package_versions_are_central()
    {
        var local = ProjectFiles("src").Concat(ProjectFiles("tests")).Concat(ProjectFiles("bench"))
            .Where(static path => XDocument.Load(path).Descendants("PackageReference")
            .Any(static package => package.Attribute("Version") is not null));
        Assert.Empty(local.Select(Repository.Relative));
    }

    private static IEnumerable<string> ProjectFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static string[] ReferencesOf(string path) =>
        [.. XDocument.Load(path).Descendants("ProjectReference").Select(static each => NameOf(each.Attribute("Include")!.Value))];

    private static IEnumerable<string> PackagesOf(string path) =>
        XDocument.Load(path).Descendants("PackageReference").Select(static each => each.Attribute("Include")!.Value);
}
