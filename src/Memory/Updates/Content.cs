using System.Collections.Frozen;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Updates;

/// <summary>The words of a sentence that say what it is about, stemmed, with their weights.</summary>
internal sealed class Content(Func<string, int> rankOf, WordPool pool)
{
    private const double Least = 0.15;
    private const double Unspaced = 0.8;
    private const double OtherLanguage = 0.8;
    private const int CommonRank = 100;
    private const int RareRank = 12_000;
    private const int StemLetters = 6;
    private static readonly Dictionary<string, HashSet<string>> TimeWords = WordFile.ReadWords("time-words");
    private static readonly FrozenSet<string> StopCharacters = "我你他她它的了是在吗呢吧和也都不没很这那有"
        .Select(static letter => letter.ToString())
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Weights by stem.</summary>
    public Dictionary<string, double> Of(Wording wording) =>
        wording.IsUnspaced ? OfUnspaced(wording) : OfTokens(wording, 0, wording.Tokens.Count);

    /// <summary>Weights by stem of tokens [from, to).</summary>
    public Dictionary<string, double> OfTokens(Wording wording, int from, int to)
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = from; i < to; i++)
        {
            var token = wording.Tokens[i];
            if (token.IsWord && !IsLight(wording, i))
                words[pool.Of(Stem(wording.Language, token.Folded))] = WeightOf(wording.Language, token);
        }

        return words;
    }

    public static string Stem(string language, string folded)
    {
        if (language != Languages.English)
            return folded.Length <= StemLetters || folded.AsSpan().ContainsAnyInRange('0', '9') ? folded : folded[..StemLetters];
        if (IrregularForms.TryFold(folded, out var regular))
            folded = regular;
        Span<char> letters = folded.ToCharArray();
        return new string(letters[..Porter2Stemmer.Stem(letters)]);
    }

    private static bool IsLight(Wording wording, int i)
    {
        var token = wording.Tokens[i];
        if (token.Folded.Length == 1 && !token.HasDigit)
            return true;
        if (Languages.IsFunctionWord(wording.Language, token.Folded)
            || (TimeWords.TryGetValue(wording.Language, out var times) && times.Contains(token.Folded)))
            return !(token.IsCapital && i > 0) || wording.Language != Languages.English;
        return wording.Language == Languages.English && StopWords.Contains(token.Folded);
    }

    private double WeightOf(string language, SentenceToken token)
    {
        if (language != Languages.English)
            return OtherLanguage;
        var rank = rankOf(token.Folded);
        if (rank is < 0 or >= RareRank)
            return 1;
        return Least + ((1 - Least) * Math.Clamp(Math.Log((rank + 1.0) / CommonRank) / Math.Log((double)RareRank / CommonRank), 0, 1));
    }

    // Runs of ideographs as pairs, of katakana and letters whole: enough to see that two sentences speak of the same.
    private static Dictionary<string, double> OfUnspaced(Wording wording)
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        var text = wording.Text;
        for (var i = 0; i < text.Length;)
        {
            var kind = KindOf(text[i]);
            var end = i + 1;
            while (end < text.Length && KindOf(text[end]) == kind)
                end++;
            if (kind == 'k' || kind == 'l')
                words[text[i..end].ToLowerInvariant()] = Unspaced;
            if (kind == 'h')
                AddHan(text[i..end], wording.Language, words);
            i = end;
        }

        return words;
    }

    private static void AddHan(string run, string language, Dictionary<string, double> words)
    {
        if (language == Languages.Japanese && run.Length <= 3)
        {
            if (run is not ("私" or "今" or "何"))
                words[run] = Unspaced;
            return;
        }

        for (var i = 0; i + 2 <= run.Length; i++)
        {
            var pair = run.Substring(i, 2);
            if (!StopCharacters.Contains(pair[..1]) && !StopCharacters.Contains(pair[1..]))
                words[pair] = Unspaced;
        }
    }

    private static char KindOf(char letter) => letter switch
    {
        >= '\u4E00' and <= '\u9FFF' => 'h',
        >= '\u30A1' and <= '\u30FA' or '\u30FC' => 'k',
        _ => letter < 128 && char.IsLetterOrDigit(letter) ? 'l' : ' ',
    };
}
