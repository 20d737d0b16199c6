namespace MemoryOrleans.Updates;

/// <summary>
/// The old values that Chinese and Japanese sentences name, as the word file writes them: <c>a&lt;10&gt;b/c</c> takes up to ten
/// characters between a and one of b, c. Looked for from left to right, once each.
/// </summary>
internal static class OldPieces
{
    private const string Marks = "，。,.、！!？?";

    private static readonly Dictionary<string, List<(string Before, int Most, string[] After)>> Pieces = WordFile.Read("old")
        .Where(static line => Languages.IsUnspaced(line.Heading))
        .ToDictionary(static line => line.Heading, static line => line.Text.Split(" | ").Select(Parse).ToList(), StringComparer.Ordinal);

    public static IEnumerable<string> Of(Wording wording)
    {
        foreach (var (before, most, after) in Pieces.GetValueOrDefault(wording.Language, []))
        {
            if (before.Length > 0 ? Following(wording.Text, before, most, after) is { } found
                : (found = Preceding(wording.Text, most, after)) is not null)
                yield return found;
        }
    }

    private static string? Following(string text, string before, int most, string[] after)
    {
        var at = text.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var from = at + before.Length;
        var span = text.AsSpan(from, Math.Min(most, text.Length - from));
        var cut = after.Select(end => text.IndexOf(end, from, Math.Min(most + end.Length, text.Length - from), StringComparison.Ordinal))
            .Where(static end => end >= 0).DefaultIfEmpty(-1).Min();
        var length = cut >= 0 ? cut - from : after.Contains(",") ? EndOf(span) : -1;
        return length > 0 ? text.Substring(from, length) : null;
    }

    private static string? Preceding(string text, int most, string[] after)
    {
        foreach (var end in after)
        {
            var at = text.IndexOf(end, StringComparison.Ordinal);
            if (at <= 0)
                continue;
            var from = at;
            while (from > 0 && at - from < most && !Marks.Contains(text[from - 1], StringComparison.Ordinal))
                from--;
            if (from < at)
                return text[from..at];
        }

        return null;
    }

    private static int EndOf(ReadOnlySpan<char> span)
    {
        var mark = span.IndexOfAny(Marks);
        return mark < 0 ? span.Length : mark;
    }

    private static (string Before, int Most, string[] After) Parse(string text)
    {
        var (open, close) = (text.IndexOf('<', StringComparison.Ordinal), text.IndexOf('>', StringComparison.Ordinal));
        return (text[..open], int.Parse(text.AsSpan(open + 1, close - open - 1), provider: null), text[(close + 1)..].Split('/'));
    }
}
