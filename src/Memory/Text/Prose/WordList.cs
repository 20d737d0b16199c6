using System.Text.RegularExpressions;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// Expressions whose words stand in an embedded file, one alternative a line; lines that begin with # are remarks. No
/// expression that reads stored text may backtrack: each takes time linear in the text, whatever the text.
/// </summary>
internal static class WordList
{
    /// <summary>What every expression over text from outside is made with.</summary>
    public const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>The same, upper and lower case alike.</summary>
    public const RegexOptions AnyCase = Linear | RegexOptions.IgnoreCase;

    /// <summary>Finds a list's words, as whole words unless told what stands before and after.</summary>
    public static Regex Expression(string list, string before = @"\b(", string after = @")\b") =>
        Compile(before + Alternatives(list) + after);

    /// <summary>An expression that lists are part of, upper and lower case alike.</summary>
    public static Regex Compile(string pattern) => new(pattern, AnyCase, Regex.InfiniteMatchTimeout);

    /// <summary>A list's lines, to be set into an expression between brackets.</summary>
    public static string Alternatives(string list)
    {
        var name = $"MemoryOrleans.Words.{list}.txt";
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return string.Join('|', reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#'));
    }
}
