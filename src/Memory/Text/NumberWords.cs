using System.Collections.Frozen;

namespace MemoryOrleans.Text;

/// <summary>Numbers and calendar words of an English sentence; digits of any language.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, string> Values = Numbered(
        "zero", "one first", "two second twice", "three third thrice", "four fourth", "five fifth", "six sixth", "seven seventh",
        "eight eighth",
        "nine ninth", "ten tenth", "eleven eleventh", "twelve twelfth", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen", "twenty");

    private static readonly FrozenSet<string> Larger =
        Set("thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half double");

    private static readonly FrozenDictionary<string, string> Calendar = new[]
    {
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept",
        "october oct", "november nov", "december dec", "monday mondays", "tuesday tuesdays", "wednesday wednesdays", "thursday thursdays",
        "friday fridays",
        "saturday saturdays", "sunday sundays", "spring", "summer", "autumn fall", "winter", "weekend weekends", "weekday weekdays",
        "yesterday", "tomorrow", "tonight", "christmas", "easter",
    }.SelectMany(static words => words.Split(' ').Select(word => (word, words.Split(' ')[0])))
        .ToFrozenDictionary(static pair => pair.word, static pair => pair.Item2, StringComparer.Ordinal);

    // Verbs and nouns too, so only a capital makes them months.
    private static readonly FrozenSet<string> Ambiguous = Set("may march mar");

    /// <param name="words">Each once: what decides about a word looks through the content.</param>
    public static IReadOnlySet<string> In(string content, IEnumerable<string> words)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (Find(content, word) is { } number)
                found.Add(number);
        }

        return found;
    }

    /// <summary>The number or calendar entry that a word of the content stands for; null for other words.</summary>
    public static string? Find(string content, string word)
    {
        if (word.Any(char.IsDigit))
            return WithoutOrdinal(word);
        if (Values.TryGetValue(word, out var value))
            return value;
        if (Larger.Contains(word))
            return word;
        return Calendar.TryGetValue(word, out var entry) && (!Ambiguous.Contains(word) || IsCapitalised(content, word)) ? entry : null;
    }

    private static string WithoutOrdinal(string word) =>
        word.Length > 2 && char.IsDigit(word[^3]) && word[^2..] is "st" or "nd" or "rd" or "th" ? word[..^2] : word;

    private static bool IsCapitalised(string content, string word) =>
        content.Contains($"{char.ToUpperInvariant(word[0])}{word[1..]}", StringComparison.Ordinal);

    private static FrozenDictionary<string, string> Numbered(params string[] words) => words
        .SelectMany(static (forms, value) => forms.Split(' ').Select(form => (form, value)))
        .ToFrozenDictionary(static pair => pair.form, static pair => $"{pair.value}", StringComparer.Ordinal);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
