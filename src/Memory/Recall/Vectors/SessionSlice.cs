using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>A piece of a turn as the embedder sees it; pieces of a turn are numbered from 0.</summary>
internal readonly record struct TurnPiece(Turn Turn, int Number, string Text);

/// <summary>The next turns of a session that are to be embedded, cut into pieces.</summary>
/// <param name="From">The seq before the first of them.</param>
/// <param name="IsLast">True when the session had no more at that time.</param>
internal sealed record SessionSlice(DueWork Work, long From, IReadOnlyList<Turn> Turns, bool IsLast)
{
    /// <summary>Some 350 tokens of English: within what the smallest usual models read (512), and about one thing.</summary>
    public const int PieceWords = 250;

    /// <summary>Cuts what has no sentences and no blanks to cut at.</summary>
    public const int PieceCharactersMax = 4_000;

    public IReadOnlyList<TurnPiece> Pieces { get; } = [.. Turns.SelectMany(Cut)];

    public long LastSeq => Turns.Count == 0 ? From : Turns[^1].Seq;

    private static List<TurnPiece> Cut(Turn turn)
    {
        var ranges = new List<Range>();
        Chunker.Split(turn.Content, PieceWords, ranges);
        var pieces = new List<TurnPiece>(ranges.Count);
        foreach (var range in ranges)
        {
            var (start, length) = range.GetOffsetAndLength(turn.Content.Length);
            for (var end = start + length; start < end;)
            {
                var size = SizeOf(turn.Content, start, end);
                var text = turn.Content.AsSpan(start, size).Trim();
                if (text.Length > 0)
                    pieces.Add(new TurnPiece(turn, pieces.Count, text.ToString()));
                start += size;
            }
        }

        return pieces;
    }

    // Never between the halves of a surrogate pair.
    private static int SizeOf(string text, int start, int end)
    {
        var size = Math.Min(end - start, PieceCharactersMax);
        return start + size < end && char.IsHighSurrogate(text[start + size - 1]) ? size - 1 : size;
    }
}
