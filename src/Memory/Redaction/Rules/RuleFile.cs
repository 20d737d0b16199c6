namespace MemoryOrleans.Redaction.Rules;

/// <summary>The data of rules: lines of a heading, a colon and what belongs to it; lines that begin with # are remarks.</summary>
internal static class RuleFile
{
    public static IEnumerable<(string Heading, string Text)> Read(string name)
    {
        var resource = $"MemoryOrleans.Redaction.Rules.{name}.txt";
        using var stream = typeof(RuleFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            yield return (line[..colon], line[(colon + 1)..].Trim());
        }
    }

    /// <summary>What stands between commas in all lines of a heading.</summary>
    public static string[] ReadWords(string name, string heading) =>
    [
        .. Read(name).Where(line => line.Heading == heading)
            .SelectMany(static line => line.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    ];
}
