using System.Text;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Text.Prose;

/// <summary>Takes out of a turn what is no prose: fenced code, image descriptions, marks of Markdown, control characters.</summary>
internal static class CleanText
{
    private const string ImageStart = "[image:";

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

        return Marks.RemoveFrom(WithoutImages(text.ToString()));
    }

    /// <summary>The text with a blank for every <c>[image: …]</c>; a mark that never ends is text.</summary>
    private static string WithoutImages(string text)
    {
        var image = text.IndexOf(ImageStart, StringComparison.Ordinal);
        if (image < 0)
            return text;
        var (kept, position) = (new StringBuilder(text.Length), 0);
        for (; image >= 0; image = text.IndexOf(ImageStart, position, StringComparison.Ordinal))
        {
            var end = text.IndexOf(']', image + ImageStart.Length);
            if (end < 0)
                break;
            kept.Append(text, position, image - position).Append(' ');
            position = end + 1;
        }

        return kept.Append(text, position, text.Length - position).ToString();
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

    private static readonly Pattern Marks = Pattern.Exact(@"\*\*|__|`|(?m:^)(#{1,6}|>|[-*•]|[0-9]{1,2}[.)])\s+");
}
