namespace MemoryOrleans.Architecture.Tests;

public sealed class RepositoryTests
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 140;
    private static readonly string[] VagueWords = ["Manager", "Service", "Helper", "Helpers", "Utils", "Util", "Common", "Misc"];

    [Fact]
    public void Source_files_stay_under_400_lines()
    {
        var longer = SourceFiles()
            .Select(static path => (path, lines: File.ReadLines(path).Count()))
            .Where(static file => file.lines >= LinesMax)
            .Select(static file => $"{Repository.Relative(file.path)}: {file.lines} lines");
        Assert.Empty(longer);
    }

    // Sentences and statements in quotes are not cut where a line would end.
    [Fact]
    public void Lines_end_within_140_columns()
    {
        var longer = SourceFiles().SelectMany(static path => OutsideRawTexts(File.ReadLines(path))
            .Where(static line => line.Text.Length > ColumnsMax && !line.Text.Contains('"', StringComparison.Ordinal))
            .Select(line => $"{Repository.Relative(path)}:{line.Number}: {line.Text.Length} columns"));
        Assert.Empty(longer);
    }

    [Fact]
    public void Files_and_folders_have_names_that_say_something()
    {
        var vague = SourceFiles()
            .Select(Repository.Relative)
            .Where(static path => path.Split('/').Any(static part => IsVague(Path.GetFileNameWithoutExtension(part))));
        Assert.Empty(vague);
    }

    [Fact]
    public void The_core_reads_no_clock_no_files_and_no_network()
    {
        string[] impure = ["System.IO.File", "File.", "Directory.", "HttpClient", "Socket", "Guid.NewGuid", "Guid.CreateVersion7",
            "Random.Shared", "TimeProvider.System", "Stopwatch", "Environment."];
        var found = SourceFiles()
            .Where(static path => Repository.Relative(path).StartsWith("src/Memory/", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && impure.Any(word => Mentions(line, word)))
                .Select(line => $"{Repository.Relative(path)}: {line.Trim()}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Scripts_are_executable()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var script in new[] { "run.sh", "test.sh", ".ci/run", "bench/load", "bench/recall-eval", "bench/micro",
            "bench/drills/pg-restore.sh", "deploy/dev/postgres.sh" })
        {
            var mode = File.GetUnixFileMode(Path.Combine(Repository.Root, script));
            Assert.True(mode.HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
        }
    }

    private static IEnumerable<string> SourceFiles() => new[] { "src", "tests", "bench" }
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(static path => !Repository.Relative(path).Split('/').Any(static part => part is "bin" or "obj"));

    private static IEnumerable<(int Number, string Text)> OutsideRawTexts(IEnumerable<string> lines)
    {
        const string marks = "\"\"\"";
        var (number, isRaw) = (0, false);
        foreach (var line in lines)
        {
            number++;
            var wasRaw = isRaw;
            isRaw ^= (line.Split(marks).Length - 1) % 2 == 1;
            if (!wasRaw && !isRaw)
                yield return (number, line);
        }
    }

    private static bool IsVague(string name) => VagueWords.Any(word => name.EndsWith(word, StringComparison.Ordinal));

    // The word begins a name of its own: "Files." is not "File.".
    private static bool Mentions(string line, string word)
    {
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !(char.IsLetterOrDigit(line[at - 1]) || line[at - 1] == '.'));
    }
}
