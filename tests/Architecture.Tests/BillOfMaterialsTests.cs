using System.Diagnostics;
using System.Text.Json;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>The bill of materials that a publish writes, by the very target that writes it.</summary>
public sealed class BillOfMaterialsTests
{
    [Fact]
    public async Task It_names_every_package_that_is_shipped_with_version_licence_and_hash()
    {
        var folder = Directory.CreateTempSubdirectory("memory-bill-");
        try
        {
            await WriteAsync(folder.FullName);
            using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "memory.cdx.json")));
            Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
            Assert.Equal("memory", bill.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString());
            var components = bill.RootElement.GetProperty("components").EnumerateArray().ToArray();
            Assert.Empty(Shipped().Except(
                components.Select(static each => (NameOf(each), each.GetProperty("version").GetString()!.ToLowerInvariant()))));
            Assert.All(components, static each =>
                Assert.True(LicenceTests.IsAllowed(NameOf(each), LicenceOf(each)), $"{NameOf(each)}: {LicenceOf(each)}"));
            Assert.All(components, static each => Assert.NotEmpty(each.GetProperty("hashes").EnumerateArray()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string folder)
    {
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", Path.Combine(Repository.Root, "src/Cli/Cli.csproj"), "-t:WriteBillOfMaterials",
            "-p:Configuration=Release", $"-p:PublishDir={folder}/", "-nologo", "-nodeReuse:false"])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        var said = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, said);
    }

    // Packages of the executable's lock file, which has those of all projects below it.
    private static IEnumerable<(string Name, string Version)> Shipped()
    {
        using var locks = JsonDocument.Parse(Repository.Read("src/Cli/packages.lock.json"));
        return [.. locks.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(static framework => framework.Value.EnumerateObject())
            .Where(static package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(static package =>
            (package.Name.ToLowerInvariant(), package.Value.GetProperty("resolved").GetString()!.ToLowerInvariant()))];
    }

    private static string NameOf(JsonElement component) => component.GetProperty("name").GetString()!.ToLowerInvariant();

    private static string? LicenceOf(JsonElement component)
    {
        if (!component.TryGetProperty("licenses", out var licences) || licences.GetArrayLength() == 0)
            return null;
        var first = licences[0];
        if (first.TryGetProperty("expression", out var expression))
            return expression.GetString();
        return first.GetProperty("license").TryGetProperty("id", out var id) ? id.GetString() : null;
    }
}
