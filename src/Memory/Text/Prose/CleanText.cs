using System.Text;
using System.Text.RegularExpressions;

namespace MemoryOrleans.Text.Prose;

/// <summary>Takes out of a turn what is no prose: fenced code, image descriptions, marks of Markdown, control characters.</summary>
internal static partial class CleanText
{
    /// <summary>The prose, line by line.</summary>
    public static string Prose(string content)
    {
        var text = new StringBuilder(content.Length);
        var isCode = false;
        foreach (var line in content.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith("```", StringComparison.Ordinal) || trimmed.StartsWith("~~~", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && !trimmed.StartsWith("|", StringComparison.Ordinal))
                text.Append(trimmed).Append('\n');
        }

        return Marks().Replace(Images().Replace(text.ToString(), " "), "");
    }

    /// <summary>The text with every run of blanks and control characters made one blank.</summary>
    public static string OneLine(ReadOnlySpan<char> text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter) && !char.IsControl(letter))
                line.Append(letter);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        if (line.Length > 0 && line[^1] == ' ')
            line.Length--;
        return line.ToString();
    }

    [GeneratedRegex(@"\[image:[^\]]*\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Images();

    [GeneratedRegex(@"\*\*|__|`|^(#{1,6}|>|[-*•]|[0-9]{1,2}[.)])\s+", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Marks();
}
