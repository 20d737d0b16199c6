using System.Numerics;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// Names as numbers, so that a question can be asked which names it has whole, and what is erased leaves nothing to read: the
/// folded words of a name in their order, or, where the script writes no blanks, its folded text.
/// </summary>
internal static class NameKeys
{
    // A name of more words, or letters where there are no blanks, is searched by them, but never found whole.
    private const int WordsMax = 8;
    private const int LettersMax = 16;
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>A name's key; null when it is too long for one, or has no letter.</summary>
    public static ulong? Of(string name)
    {
        var folded = new FoldText().Fold(name);
        if (folded.ContainsAnyExceptInRange('\0', '\u007f') && FindUnspaced(folded) == (0, folded.Length))
            return folded.Length <= LettersMax ? TermHash.Of(folded) : null;
        var words = WordsOf(name);
        return words.Count is > 0 and <= WordsMax ? words.Aggregate(0UL, Append) : null;
    }

    /// <summary>The keys of everything in a question that may be a name.</summary>
    public static IReadOnlyList<ulong> In(string question)
    {
        var keys = new HashSet<ulong>();
        var words = WordsOf(question);
        for (var from = 0; from < words.Count; from++)
        {
            var key = 0UL;
            for (var at = from; at < Math.Min(words.Count, from + WordsMax); at++)
                keys.Add(key = Append(key, words[at]));
        }

        ReadOnlySpan<char> folded = new FoldText().Fold(question);
        while (FindUnspaced(folded) is var (start, length) && length > 0)
        {
            for (var from = start; from < start + length; from++)
            {
                for (var letters = 1; letters <= Math.Min(LettersMax, start + length - from); letters++)
                    keys.Add(TermHash.Of(folded.Slice(from, letters)));
            }

            folded = folded[(start + length)..];
        }

        return [.. keys];
    }

    // The first run of letters of a script without blanks.
    private static (int Start, int Length) FindUnspaced(ReadOnlySpan<char> folded)
    {
        var start = 0;
        while (start < folded.Length && !IsUnspaced(folded[start]))
            start++;
        var end = start;
        while (end < folded.Length && IsUnspaced(folded[end]))
            end++;
        return (start, end - start);
    }

    private static bool IsUnspaced(char letter) => letter >= 0x80 && Scripts.StyleOf(letter) != WordStyle.Spaced;

    private static List<ulong> WordsOf(string text)
    {
        var words = new List<ulong>();
        foreach (var token in new Tokenizer().Tokenize(text))
            words.Add(TermHash.Of(token));
        return words;
    }

    private static ulong Append(ulong key, ulong word) => (BitOperations.RotateLeft(key, 21) * Factor) + word;
}
