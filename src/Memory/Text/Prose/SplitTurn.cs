using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// A turn's sentences: cut where recall cuts them, but not after abbreviations and initials. What is very long is bounded:
/// of a turn the first <see cref="ProseLengthMax"/> characters of prose and <see cref="SentencesMax"/> sentences are read.
/// </summary>
internal static class SplitTurn
{
    public const int ProseLengthMax = 16_000;
    public const int SentencesMax = 80;
    public const int SentenceLengthMax = 600;

    /// <summary>Characters read of a turn before code and marks are taken out.</summary>
    private const int ContentLengthMax = 2 * ProseLengthMax;

    public static void Split(string content, int turn, Speaker speaker, List<Sentence> into)
    {
        var prose = CleanText.Prose(Head(content, ContentLengthMax));
        ReadOnlySpan<char> rest = Head(prose, ProseLengthMax);
        var count = 0;
        while (!rest.IsEmpty && count < SentencesMax)
        {
            var length = Sentences.LengthOfFirst(rest);
            while (length < rest.Length && length < SentenceLengthMax && EndsInAbbreviation(rest[..length]))
                length += Sentences.LengthOfFirst(rest[length..]);
            foreach (var piece in Pieces(CleanText.OneLine(rest[..length])))
            {
                if (count < SentencesMax && HasWord(piece.Text))
                    into.Add(new Sentence(turn, count++, speaker, piece.Text, piece.IsWhole));
            }

            rest = rest[length..];
        }
    }

    /// <summary>The first characters of a text, without half a pair at its end.</summary>
    public static string Head(string text, int lengthMax)
    {
        if (text.Length <= lengthMax)
            return text;
        return text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
    }

    private static IEnumerable<(string Text, bool IsWhole)> Pieces(string sentence)
    {
        if (sentence.Length <= SentenceLengthMax)
        {
            yield return (sentence, true);
            yield break;
        }

        while (sentence.Length > SentenceLengthMax)
        {
            var cut = sentence.LastIndexOfAny([',', ';', '、', '，'], SentenceLengthMax - 1, SentenceLengthMax / 2);
            if (cut < 0)
                cut = sentence.LastIndexOf(' ', SentenceLengthMax - 1, SentenceLengthMax / 2);
            var head = cut > 0 ? sentence[..(cut + 1)] : Head(sentence, SentenceLengthMax);
            yield return (head.Trim(), false);
            sentence = sentence[head.Length..].Trim();
        }

        if (sentence.Length > 0)
            yield return (sentence, false);
    }

    private static bool EndsInAbbreviation(ReadOnlySpan<char> sentence)
    {
        if (sentence[^1] is '\n' or '\r')
            return false;
        var end = sentence.TrimEnd();
        return end.Length > 0 && end[^1] == '.' && Abbreviation.IsMatch(end[Math.Max(0, end.Length - 12)..]);
    }

    private static bool HasWord(string text)
    {
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter) || char.IsHighSurrogate(letter))
                return true;
        }

        return false;
    }

    private static readonly Pattern Abbreviation = Pattern.Exact(
        @"(^|[\s(])(Dr|Mr|Mrs|Ms|Prof|St|Mt|vs|e\.g|i\.e|etc|approx|No|Jr|Sr|\p{Lu})\.$");
}
