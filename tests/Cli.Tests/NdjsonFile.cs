namespace MemoryOrleans.Cli.Tests;

/// <summary>A file of lines for one test.</summary>
internal sealed class NdjsonFile : IDisposable
{
    public NdjsonFile(params IEnumerable<string> lines) => File.WriteAllLines(Path, lines);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"memory-cli-{Guid.NewGuid():N}.ndjson");

    public void Dispose() => File.Delete(Path);

    /// <summary>A turn that says nothing but what is needed.</summary>
    public static string Line(string session, string content, string more = "") =>
        $$"""{"session_id": "{{session}}", "role": "user", "content": "{{content}}"{{more}}}""";
}
