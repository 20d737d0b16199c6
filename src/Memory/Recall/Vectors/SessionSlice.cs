using MemoryOrleans.Recall.Meaning;
using MemoryOrleans.Scheduling;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Vectors;

/// <summary>A piece of a turn as the embedder sees it; numbered as <see cref="TurnVector"/> has it.</summary>
/// <param name="HoldsPrevious">Whether the turn before it is in the text too.</param>
internal readonly record struct TurnPiece(Turn Turn, int Number, string Text, bool HoldsPrevious = false);

/// <summary>The next turns of a session that are to be embedded, cut into pieces.</summary>
/// <param name="From">The seq before the first of them.</param>
/// <param name="IsLast">True when the session had no more at that time.</param>
internal sealed record SessionSlice(DueWork Work, long From, IReadOnlyList<Turn> Turns, bool IsLast)
{
    /// <summary>Some 350 tokens of English: within what the smallest usual models read (512), and about one thing.</summary>
    public const int PieceWords = 250;

    /// <summary>Cuts what has no sentences and no blanks to cut at.</summary>
    public const int PieceCharactersMax = 4_000;

    public required IReadOnlyList<TurnPiece> Pieces { get; init; }

    /// <summary>The whole turns among its first pieces, when no more than those could be embedded.</summary>
    public SessionSlice First(int pieces)
    {
        if (pieces >= Pieces.Count)
            return this;
        var begun = Pieces[pieces].Turn.Seq;
        return this with
        {
            Turns = [.. Turns.TakeWhile(turn => turn.Seq < begun)], IsLast = false,
                Pieces = [.. Pieces.TakeWhile(piece => piece.Turn.Seq < begun)],
        };
    }

    /// <summary>Turns cut into what the store is to find the nearest of.</summary>
    public static SessionSlice Of(DueWork work, long from, IReadOnlyList<Turn> turns, bool isLast) =>
        new(work, from, turns, isLast) { Pieces = [.. turns.Where(IsReadable).SelectMany(Cut)] };

    /// <summary>Turns as an encoder reads them: in their context, and in pieces.</summary>
    /// <param name="previous">The turn before the first; null when there is none.</param>
    /// <param name="embedded">Seqs of turns that have their vectors; those are not embedded again.</param>
    public static SessionSlice InContext(
        DueWork work, long from, Turn? previous, IReadOnlyList<Turn> turns, bool isLast, IReadOnlySet<long> embedded) =>
        new(work, from, turns, isLast)
        {
            Pieces = [.. turns.SelectMany((turn, i) => embedded.Contains(turn.Seq) || !IsReadable(turn)
                ? [] : Encode(turn, i == 0 ? previous : turns[i - 1]))],
        };

    public long LastSeq => Turns.Count == 0 ? From : Turns[^1].Seq;

    // What the store could not open is nothing that was said.
    private static bool IsReadable(Turn turn) => !UnreadableText.Is(turn.Content);

    private static IEnumerable<TurnPiece> Encode(Turn turn, Turn? previous)
    {
        // The turn before it alone: where that was erased there is none, whoever stood before that.
        var before = previous?.Seq == turn.Seq - 1 && IsReadable(previous) ? previous : null;
        var texts = EncoderTexts.Of(turn, before);
        return texts.Pieces.Select((piece, i) => new TurnPiece(turn, EncoderPieces.First + i, piece))
            .Prepend(new TurnPiece(turn, EncoderPieces.Context, texts.Context, HoldsPrevious: before is not null));
    }

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
