using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Meaning;

/// <summary>
/// The texts of a turn that an encoder embeds: one that shows the turn in its context, and its pieces. They depend on the turn
/// and the one before it alone, so nothing is embedded twice. Source: our own tuning.
/// </summary>
/// <param name="Context">"{previous speaker}: {…}\n{speaker}: {…}"; the second line alone for a session's first turn.</param>
/// <param name="Pieces">None for a turn without words.</param>
public sealed record EncoderTexts(string Context, IReadOnlyList<string> Pieces)
{
    private const int PieceWords = 12;
    private const int LongPieceWords = 120;
    private const int LongTurnWords = 80;
    private const int AssistantPiecesMax = 2;

    // Some 7,700 words: of what is longer the rest is found by its words.
    private const int PiecesMax = 64;
    private const int PreviousWords = 40;
    private const int OwnWords = 140;

    // Cuts what has no blanks to cut at; an encoder reads less.
    private const int CharactersMax = 4_000;

    /// <param name="previous">The turn before it in the session; null for the first.</param>
    public static EncoderTexts Of(Turn turn, Turn? previous)
    {
        var own = $"{SpeakerOf(turn)}: {Words.First(turn.Content, OwnWords)}";
        var context = previous is null ? own : $"{SpeakerOf(previous)}: {TakePrevious(previous)}\n{own}";
        return new EncoderTexts(Limit(context), Cut(turn));
    }

    // What somebody ends with is what is answered; a long request begins with what it wants.
    private static string TakePrevious(Turn previous) =>
        previous.Role == "user" && Words.Count(previous.Content, LongTurnWords + 1) > LongTurnWords
        ? Words.First(previous.Content, PreviousWords)
        : Words.Last(previous.Content, PreviousWords);

    private static List<string> Cut(Turn turn)
    {
        var isLong = Words.Count(turn.Content, LongTurnWords + 1) > LongTurnWords;
        var ranges = new List<Range>();
        Chunker.Split(turn.Content, isLong ? LongPieceWords : PieceWords, ranges);
        var pieces = new List<string>(ranges.Count);
        foreach (var range in ranges)
        {
            var text = turn.Content.AsSpan()[range].Trim();
            if (text.IsEmpty)
                continue;
            pieces.Add(Limit(text.ToString()));
            if (pieces.Count == (isLong && turn.Role == "assistant" ? AssistantPiecesMax : PiecesMax))
                break;
        }

        return pieces;
    }

    private static string SpeakerOf(Turn turn) => turn.Name ?? turn.Role;

    // Never between the halves of a surrogate pair.
    private static string Limit(string text) => text.Length <= CharactersMax
        ? text
        : text[..(char.IsHighSurrogate(text[CharactersMax - 1]) ? CharactersMax - 1 : CharactersMax)];

    /// <summary>Words are what stands between blanks.</summary>
    private static class Words
    {
        /// <summary>How many, or <paramref name="max"/>.</summary>
        public static int Count(string text, int max)
        {
            var count = 0;
            for (var i = 0; i < text.Length && count < max; i++)
                count += StartsAt(text, i) ? 1 : 0;
            return count;
        }

        public static string First(string text, int count)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (StartsAt(text, i) && count-- == 0)
                    return text[..i].Trim();
            }

            return text.Trim();
        }

        public static string Last(string text, int count)
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                if (StartsAt(text, i) && --count == 0)
                    return text[i..].Trim();
            }

            return text.Trim();
        }

        private static bool StartsAt(string text, int i) => !char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1]));
    }
}
