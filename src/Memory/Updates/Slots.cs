namespace MemoryOrleans.Updates;

/// <summary>Attributes that a person or thing has one value of, told by words: home, job, car; and the words of their changes.</summary>
internal static class Slots
{
    private static readonly Dictionary<string, Dictionary<string, List<string>>> Exact = [];
    private static readonly Dictionary<string, List<(string Prefix, string Slot)>> Prefixes = [];

    private static readonly Dictionary<(string Slot, string Language), List<string>> Written = [];

    static Slots()
    {
        foreach (var (heading, text) in WordFile.Read("slots"))
        {
            var cut = heading.LastIndexOf(' ');
            var (slot, language) = (heading[..cut], heading[(cut + 1)..]);
            var exact = Exact.TryGetValue(language, out var known) ? known : Exact[language] = new(StringComparer.Ordinal);
            var prefixes = Prefixes.TryGetValue(language, out var begun) ? begun : Prefixes[language] = [];
            Written[(slot, language)] = [.. text.Split(' ').Where(static word => word.Length > 0 && word[^1] != '*')];
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (word[^1] == '*')
                    prefixes.Add((word[..^1], slot));
                else if (Languages.IsUnspaced(language))
                    prefixes.Add((word, slot));
                else
                    (exact.TryGetValue(FormOf(language, word), out var slots) ? slots : exact[FormOf(language, word)] = []).Add(slot);
            }
        }
    }

    /// <summary>Whole words of an attribute, by which statements about it are looked for.</summary>
    public static IReadOnlyList<string> WordsOf(string slot, string language) => Written.GetValueOrDefault((slot, language), []);

    /// <summary>Whether a whole word tells of an attribute in a language that writes spaces.</summary>
    public static bool IsWord(string language, string folded) =>
        Exact.TryGetValue(language, out var words) && words.ContainsKey(FormOf(language, folded));

    public static HashSet<string> Of(Wording wording, IReadOnlyList<TypedValue> values)
    {
        var found = Of(wording);
        foreach (var value in values)
        {
            if (value.Type == ValueKind.Email)
                found.Add("email");
            if (value.Type == ValueKind.Phone)
                found.Add("phone");
        }

        return found;
    }

    private static HashSet<string> Of(Wording wording)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = Prefixes.GetValueOrDefault(wording.Language, []);
        if (wording.IsUnspaced)
        {
            found.UnionWith(prefixes.Where(pair => wording.Text.Contains(pair.Prefix, StringComparison.Ordinal))
                .Select(static pair => pair.Slot));
            return found;
        }

        var exact = Exact.GetValueOrDefault(wording.Language, []);
        foreach (var token in wording.Tokens)
        {
            if (exact.TryGetValue(FormOf(wording.Language, token.Folded), out var slots))
                found.UnionWith(slots);
            foreach (var (prefix, slot) in prefixes)
            {
                if (token.Folded.StartsWith(prefix, StringComparison.Ordinal))
                    found.Add(slot);
            }
        }

        return found;
    }

    // English plurals count with their singulars.
    private static string FormOf(string language, string word) =>
        language == Languages.English && word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;
}
