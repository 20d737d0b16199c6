namespace MemoryOrleans.Text.Analysis;

/// <summary>The word lists that are compiled into this assembly.</summary>
internal static class EmbeddedLines
{
    /// <summary>Lines of an embedded file of this folder, without comments and blank ones.</summary>
    public static IEnumerable<string> Read(string file) => Read(typeof(EmbeddedLines), file);

    /// <summary>Likewise of the folder of a type.</summary>
    public static IEnumerable<string> Read(Type neighbour, string file)
    {
        var name = $"{neighbour.Namespace}.{file}";
        using var stream = typeof(EmbeddedLines).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this assembly");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }

    /// <summary>Likewise, each line being a heading, a colon and what belongs to it.</summary>
    public static IEnumerable<(string Heading, string Text)> ReadHeaded(Type neighbour, string file) =>
        Read(neighbour, file).Select(static line =>
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon], line[(colon + 1)..].Trim());
    });
}
