using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Redaction.Rules;

/// <summary>The data of rules: lines of a heading, a colon and what belongs to it; lines that begin with # are remarks.</summary>
internal static class RuleFile
{
    public static IEnumerable<(string Heading, string Text)> Read(string name) => EmbeddedLines.ReadHeaded(typeof(RuleFile), $"{name}.txt");

    /// <summary>What stands between commas in all lines of a heading.</summary>
    public static string[] ReadWords(string name, string heading) =>
    [
        .. Read(name).Where(line => line.Heading == heading)
            .SelectMany(static line => line.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    ];
}
