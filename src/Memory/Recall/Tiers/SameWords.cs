using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>Compares texts by the words that the index holds of them.</summary>
internal static class SameWords
{
    // Longer texts are compared as a whole only: they say more than an answer has need to weigh.
    private const int WordsMax = 2_048;

    // Below it two texts are no near-duplicates, whatever synonyms and numbers they differ in.
    private const double LikenessMin = 0.4;

    /// <summary>The same words in the same order.</summary>
    public static bool AreSame(Candidate left, Candidate right) =>
        left.WordCount == right.WordCount && left.WordCount > 0 && left.Words.SequenceEqual(right.Words);

    /// <summary>Whether everything that counts in a text is said in another.</summary>
    public static bool Covers(Candidate whole, Candidate part)
    {
        if (part.WordCount > WordsMax || whole.WordCount > WordsMax)
            return AreSame(whole, part);
        var said = whole.Words;
        foreach (var word in part.Words)
        {
            if (!WordCode.IsStopWord(word) && !said.Contains(word))
                return false;
        }

        return true;
    }

    /// <summary>False for two texts that are too unlike for a closer look.</summary>
    public static bool AreAlike(Candidate left, Candidate right)
    {
        if (left.WordCount > WordsMax || right.WordCount > WordsMax)
            return false;
        var (own, common) = CountIn(left.Words, right.Words);
        var (others, _) = CountIn(right.Words, left.Words);
        return common >= LikenessMin * (own + others - common);
    }

    // How many of the words that count, and how many of those are in the other text too.
    private static (int Words, int Common) CountIn(ReadOnlySpan<ushort> words, ReadOnlySpan<ushort> other)
    {
        var (counted, common) = (0, 0);
        for (var i = 0; i < words.Length; i++)
        {
            if (WordCode.IsStopWord(words[i]) || words[..i].Contains(words[i]))
                continue;
            counted++;
            common += other.Contains(words[i]) ? 1 : 0;
        }

        return (counted, common);
    }
}
