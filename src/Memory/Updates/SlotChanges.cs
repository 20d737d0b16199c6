namespace MemoryOrleans.Updates;

/// <summary>English words that tell of a change of one attribute; attributes without any take every cue.</summary>
internal static class SlotChanges
{
    private static readonly Dictionary<string, List<PhrasePattern>> Phrases = WordFile.Read("slot-changes")
        .GroupBy(static line => line.Heading, StringComparer.Ordinal)
        .ToDictionary(
            static group => group.Key,
            static group => group.SelectMany(static line =>
            line.Text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(PhrasePattern.Parse)
            .ToList(),
            StringComparer.Ordinal);

    public static bool HasOwn(string slot) => Phrases.ContainsKey(slot);

    public static bool IsIn(string slot, Wording wording)
    {
        if (!Phrases.TryGetValue(slot, out var phrases))
            return false;
        for (var at = 0; at < wording.Tokens.Count; at++)
        {
            foreach (var phrase in phrases)
            {
                if (phrase.MatchAt(wording.Tokens, at) is not null && !ReadFeatures.IsDenied(wording.Tokens, at))
                    return true;
            }
        }

        return false;
    }
}
