using System.Collections.Frozen;

namespace MemoryOrleans.Text.Words;

/// <summary>Patterns whose words stand in an embedded file, one alternative a line; lines that begin with # are remarks.</summary>
internal static class WordList
{
    /// <summary>Finds a list's words in either case, as whole words unless told what stands before and after.</summary>
    public static Pattern Of(string list, string before = @"\b(", string after = @")\b") =>
        Pattern.AnyCase(before + Alternatives(list) + after);

    /// <summary>A list of plain words, in either case.</summary>
    public static FrozenSet<string> Words(string list) =>
        Alternatives(list).Split('|').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A list's lines, to be set into a pattern between brackets.</summary>
    public static string Alternatives(string list)
    {
        var name = $"MemoryOrleans.Words.{list}.txt";
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return string.Join('|', reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#'));
    }
}
