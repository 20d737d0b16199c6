using System.Globalization;

namespace MemoryOrleans.Architecture.Tests;

/// <summary>What no build and no test here runs: the image, the composition, and what they say of the rest.</summary>
public sealed class ContainerTests
{
    private const string Dockerfile = "Dockerfile";
    private const string Compose = "deploy/compose/compose.yaml";
    private const string Cluster = "deploy/compose/cluster.yaml";
    private const string ComposeSettings = "deploy/compose/.env.example";
    private const string Initialisation = "deploy/compose/init/01-memory.sql";

    [Theory]
    [InlineData(Dockerfile)]
    [InlineData(Compose)]
    [InlineData(Cluster)]
    [InlineData(ComposeSettings)]
    public void Every_setting_named_exists(string file)
    {
        var named = Names(Read(file), @"\b(MEMORY_[A-Z_]+)\b");
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Names(Read("docs/settings.md"), @"^\| `(MEMORY_[A-Z_]+)` \|")));
    }

    [Fact]
    public void What_compose_takes_from_its_env_file_is_what_the_example_has()
    {
        var taken = Names(Read(Compose) + Read(Cluster), @"\$\{([A-Z_]+)");
        Assert.Equal(Names(Read(ComposeSettings), @"^([A-Z_]+)="), taken);
    }

    [Fact]
    public void Everything_that_the_image_copies_exists_and_is_let_through()
    {
        var copied = CopiedFromContext();
        Assert.Contains("src", copied);
        Assert.All(copied, static path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.Equal(Names(Read(".dockerignore"), @"^!(\S+)"), copied);
    }

    [Fact]
    public void The_image_is_built_with_every_file_that_rules_the_build()
    {
        var ruling = Directory.EnumerateFiles(Repository.Root).Select(static path => Path.GetFileName(path)!)
            .Where(static name => name is ".editorconfig" or "global.json"
                || name.StartsWith("Directory.", StringComparison.Ordinal)
                || name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(ruling.Except(CopiedFromContext()));
    }

    [Fact]
    public void The_image_has_the_runtime_that_is_built_for()
    {
        var target = Names(Read("Directory.Build.props"), @"<TargetFramework>net([0-9.]+)<");
        Assert.Equal(target, Names(Read(Dockerfile), "^FROM [^ ]+:([0-9.]+)"));
    }

    [Theory]
    [InlineData(Compose)]
    [InlineData(Cluster)]
    public void Compose_waits_longer_for_a_stop_than_the_service_does(string file)
    {
        var own = int.Parse(Assert.Single(Names(Read("docs/settings.md"), @"^\| `MEMORY_SHUTDOWN_TIMEOUT_SECONDS` \| `(\d+)`")),
            CultureInfo.InvariantCulture);
        var waits = Names(Read(file), @"^ *stop_grace_period: (\d+)s$");
        Assert.NotEmpty(waits);
        Assert.All(waits, seconds => Assert.True(int.Parse(seconds, CultureInfo.InvariantCulture) > own, seconds));
    }

    [Fact]
    public void Compose_mounts_files_that_exist()
    {
        var mounted = Names(Read(Cluster), @"^ +- (\.\.?/[^:]+):");
        Assert.Contains("../prometheus/alerts.yaml", mounted);
        Assert.All(mounted, static path => Assert.True(Path.Exists(Path.Combine(Repository.Root, "deploy/compose", path)), path));
    }

    [Fact]
    public void One_image_is_a_memory_alone_a_silo_and_a_gateway()
    {
        var image = Read(Dockerfile);
        Assert.EndsWith("ENTRYPOINT [\"memory\"]\nCMD [\"serve\"]\n", image, StringComparison.Ordinal);
        Assert.Matches("(?m)^USER \\$APP_UID$", image);
        foreach (var composition in new[] { Read(Compose), Read(Cluster) })
        {
            Assert.Empty(Names(composition, "^ +(target|entrypoint):"));
            Assert.Contains("image: memory\n", composition, StringComparison.Ordinal);
            Assert.Contains("read_only: true", composition, StringComparison.Ordinal);
        }

        Assert.Equal(["gateway", "silo"], Names(Read(Cluster), "^ +MEMORY_CLUSTER_ROLE: ([a-z]+)$"));
    }

    [Fact]
    public void Compose_makes_the_roles_and_the_extension_of_the_development_server()
    {
        var development = Read("deploy/dev/postgres.sh")
            .Replace("$worker", "memory_worker", StringComparison.Ordinal)
            .Replace("\"$database\"", "memory", StringComparison.Ordinal)
            .Replace("$database", "memory", StringComparison.Ordinal)
            .Replace("'$(cat \"$home/password\")'", ":'password'", StringComparison.Ordinal);
        var statements = Read(Initialisation).Split('\n')
            .Where(static line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal) && line[0] != '\\')
            .Select(static line => line.TrimEnd(';'))
            .ToArray();
        Assert.Equal(6, statements.Length);
        Assert.All(statements, statement => Assert.Contains(statement, development, StringComparison.Ordinal));
    }

    private static string Read(string path) => Repository.Read(path);

    private static SortedSet<string> Names(string text, string pattern) => Repository.Names(text, pattern);

    private static SortedSet<string> CopiedFromContext() => new(
        Names(Read(Dockerfile), "^COPY (?!--from)(.+) [^ ]+$").SelectMany(static sources => sources.Split(' '))
            .Select(static path => path.TrimEnd('/')),
        StringComparer.Ordinal);
}
