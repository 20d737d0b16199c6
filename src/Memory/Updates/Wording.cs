using System.Buffers;
using System.Text;

namespace MemoryOrleans.Updates;

/// <summary>A sentence with its tokens, in the language that its writer seems to write.</summary>
internal sealed record Wording(string Text, string Language, IReadOnlyList<SentenceToken> Tokens)
{
    public bool IsUnspaced => Languages.IsUnspaced(Language);

    /// <summary>Words, not marks.</summary>
    public int Length { get; } = Tokens.Count(static token => token.IsWord);
}

/// <summary>Languages that the word files know, and which of them a text is in.</summary>
internal static class Languages
{
    public const string English = "en";
    public const string Chinese = "zh";
    public const string Japanese = "ja";
    private const int ReadMax = 2_000;
    private static readonly Dictionary<string, HashSet<string>> FunctionWords = WordFile.ReadWords("function-words");
    private static readonly (string Language, SearchValues<char> Letters)[] OwnLetters =
    [
        ("de", SearchValues.Create("äöüß")), ("fr", SearchValues.Create("éèêëàâçîïôœùû")), ("es", SearchValues.Create("ñáéíóú¿¡")),
        ("pt", SearchValues.Create("ãõçâêôáéíóú")),
    ];

    private static readonly string[] Spaced = [.. FunctionWords.Keys];

    /// <summary>The languages whose words are told apart by spaces, in the order of all counts.</summary>
    public static IReadOnlyList<string> AllSpaced => Spaced;

    public static bool IsUnspaced(string language) => language is Chinese or Japanese;

    public static bool IsFunctionWord(string language, string folded) =>
        FunctionWords.TryGetValue(language, out var words) && words.Contains(folded);

    /// <summary>
    /// The language of a sentence, given how often each language's function words stand in all of its writer's: a short sentence
    /// alone is easily misjudged.
    /// </summary>
    public static string Of(string text, IReadOnlyList<SentenceToken> tokens, IReadOnlyDictionary<string, int>? around = null)
    {
        if (ScriptOf(text) is { } unspaced)
            return unspaced;
        var counts = Count(tokens);
        var (best, most) = (English, -1.0);
        foreach (var language in Spaced)
        {
            var weight = counts[language] + Math.Min(around?.GetValueOrDefault(language) ?? 0, 12) / 4.0;
            if (weight > most + 1e-9)
                (best, most) = (language, weight);
        }

        return best;
    }

    /// <summary>How many tokens speak for each language: function words, and letters that it alone or hardly any other has.</summary>
    public static Dictionary<string, int> Count(IReadOnlyList<SentenceToken> tokens)
    {
        var counts = Spaced.ToDictionary(static each => each, static _ => 0, StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            foreach (var language in Spaced)
            {
                if (FunctionWords[language].Contains(token.Folded))
                    counts[language]++;
            }

            foreach (var (language, letters) in OwnLetters)
            {
                if (!Ascii.IsValid(token.Raw) && token.Raw.AsSpan().IndexOfAny(letters) >= 0)
                    counts[language]++;
            }
        }

        CountOwnWords(tokens, counts);
        return counts;
    }

    // "Vivo en Bilbao" has a function word of French as well. Of a sentence that is no English one, what it says of an attribute tells.
    private static void CountOwnWords(IReadOnlyList<SentenceToken> tokens, Dictionary<string, int> counts)
    {
        if (counts.Values.Max() is var most && (most == 0 || counts[English] == most))
            return;
        foreach (var language in Spaced.Where(language => counts[language] > 0 && language != English))
            counts[language] += tokens.Count(token => Slots.IsWord(language, token.Folded));
    }

    private static string? ScriptOf(string text)
    {
        var (kana, han) = (0, 0);
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, ReadMax)))
        {
            kana += letter is >= '\u3041' and <= '\u30FF' ? 1 : 0;
            han += letter is >= '\u4E00' and <= '\u9FFF' ? 1 : 0;
        }

        return kana > 0 ? Japanese : han > 1 ? Chinese : null;
    }
}
