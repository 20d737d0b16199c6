using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Updates;

/// <summary>
/// The word files of this folder: lines of a heading, a colon and what belongs to it; lines that begin with # are remarks.
/// </summary>
internal static class WordFile
{
    public static IEnumerable<(string Heading, string Text)> Read(string name) =>
        EmbeddedLines.ReadHeaded(typeof(WordFile), $"Words.{name}.txt");

    /// <summary>The words between blanks of every line, by heading.</summary>
    public static Dictionary<string, HashSet<string>> ReadWords(string name) => Read(name)
        .GroupBy(static line => line.Heading, StringComparer.Ordinal)
        .ToDictionary(
            static group => group.Key,
            static group => group.SelectMany(static line => line.Text.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
}
