namespace MemoryOrleans.Models.Neural;

/// <summary>What goes into a text and into a request. Lengths are UTF-16 characters.</summary>
internal static class BatchPolicy
{
    /// <summary>The first characters of a text, at most so many; a surrogate pair is never halved.</summary>
    public static string Truncate(string text, int charactersMax)
    {
        if (text.Length <= charactersMax)
            return text;
        var length = char.IsHighSurrogate(text[charactersMax - 1]) && charactersMax > 1 ? charactersMax - 1 : charactersMax;
        return text[..length];
    }

    /// <summary>Runs of texts, in order and covering all, each within both limits or a single text.</summary>
    public static IEnumerable<Range> Split(IReadOnlyList<string> texts, int textsMax, int charactersMax)
    {
        var first = 0;
        var characters = 0L;
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > first && (i - first == textsMax || characters + texts[i].Length > charactersMax))
            {
                yield return first..i;
                first = i;
                characters = 0;
            }

            characters += texts[i].Length;
        }

        if (first < texts.Count)
            yield return first..texts.Count;
    }
}
