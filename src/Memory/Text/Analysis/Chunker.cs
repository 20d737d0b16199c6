namespace MemoryOrleans.Text.Analysis;

/// <summary>
/// Cuts a text into pieces of whole sentences, as many as fit. A sentence longer than a piece stays whole, except in
/// scripts without blanks, where it may be cut between phrases.
/// </summary>
public static class Chunker
{
    /// <summary>
    /// Appends the ranges of the pieces. They cover the text without gap or overlap, blanks included; a text without words
    /// is one piece, too.
    /// </summary>
    public static void Split(ReadOnlySpan<char> text, int wordsMax, List<Range> into)
    {
        if ((text.Length + 1) / 2 <= wordsMax)
        {
            into.Add(..text.Length);
            return;
        }

        var (start, weight) = (0, 0);
        var (position, sentenceEnd, rest) = (0, 0, 0);
        var weightMax = wordsMax * WordWeights.Word;
        while (position < text.Length)
        {
            if (position == sentenceEnd)
            {
                sentenceEnd += Sentences.LengthOfFirst(text[position..]);
                rest = WordWeights.Sum(text[position..sentenceEnd]);
            }

            var (end, added) = (sentenceEnd, rest);
            if (added > weightMax)
            {
                // What is left of the sentence is reckoned, not summed again: a sentence may have as many phrases as letters.
                end = position + Sentences.LengthOfFirstPhrase(text[position..sentenceEnd]);
                added = WordWeights.Sum(text[position..end]);
                rest -= added - (WordWeights.IsInsideWord(text[..sentenceEnd], end) ? WordWeights.Word : 0);
            }

            if (weight > 0 && weight + added > weightMax)
            {
                into.Add(start..position);
                (start, weight) = (position, 0);
            }

            weight += added;
            position = end;
        }

        into.Add(start..text.Length);
    }
}

/// <summary>
/// How much of a piece a text takes up. A word is what stands between blanks; where a script writes none, a Han or kana
/// character counts as half a word, one of Thai, Lao, Khmer or Myanmar as a quarter.
/// </summary>
internal static class WordWeights
{
    public const int Word = 4;
    private const int HanKana = 2;
    private const int SoutheastAsian = 1;

    /// <summary>The weight of a text. That of two parts is their sum, and a word more where the cut is inside a word.</summary>
    public static int Sum(ReadOnlySpan<char> text)
    {
        var sum = 0;
        var inWord = false;
        foreach (var letter in text)
        {
            var own = letter < '\u0E00' ? 0 : WeightOf(letter);
            sum += own;
            if (own > 0 || char.IsWhiteSpace(letter))
            {
                inWord = false;
            }
            else if (!inWord)
            {
                inWord = true;
                sum += Word;
            }
        }

        return sum;
    }

    /// <summary>True when the letters on both sides of a position are of one word.</summary>
    public static bool IsInsideWord(ReadOnlySpan<char> text, int position) =>
        position > 0 && position < text.Length && IsOfWord(text[position - 1]) && IsOfWord(text[position]);

    private static bool IsOfWord(char letter) => !char.IsWhiteSpace(letter) && (letter < '\u0E00' || WeightOf(letter) == 0);

    private static int WeightOf(char letter) => Scripts.StyleOf(letter) switch
    {
        WordStyle.HanKana => HanKana,
        WordStyle.SoutheastAsian => SoutheastAsian,
        _ => 0,
    };
}
