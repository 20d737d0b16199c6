using MemoryOrleans.Feed;
using MemoryOrleans.Recall.Vectors;

namespace MemoryOrleans.Recall.Index;

/// <summary>
/// An immutable view of a partition at one watermark. What the writer appends later lies beyond the counts taken here.
/// </summary>
internal sealed class PartitionSnapshot
{
    private int[]? sessionTerms;

    public required PartitionKey Key { get; init; }

    /// <summary>The newest change it holds; 0 when empty.</summary>
    public required long Watermark { get; init; }

    public required int TurnCount { get; init; }

    public required int ChunkCount { get; init; }

    public required int VectorCount { get; init; }

    public required int SessionCount { get; init; }

    /// <summary>Terms of all chunks, hidden ones included, dates left out.</summary>
    public required long TermTotal { get; init; }

    /// <summary>Rows that count for nothing any more; null when there are none.</summary>
    public HiddenRows? Hidden { get; init; }

    public required Blocks<TurnEntry>.View Turns { get; init; }

    /// <summary>Of each turn the number of its first vector, apart from the rest: every ranking reads all of them.</summary>
    public required Blocks<int>.View FirstVectors { get; init; }

    public required Blocks<TurnDetail>.View Details { get; init; }

    public required int RunCount { get; init; }

    /// <summary>All turns as runs of one session each, in order.</summary>
    public required Blocks<SessionRun>.View Runs { get; init; }

    public required Blocks<ChunkEntry>.View Chunks { get; init; }

    public required Blocks<sbyte>.View Vectors { get; init; }

    public required Blocks<float>.View VectorScales { get; init; }

    public required int DaysCount { get; init; }

    public required Blocks<DaySpan>.View Days { get; init; }

    /// <summary>The turns' words in their order.</summary>
    public required PhraseIndex.View Phrases { get; init; }

    /// <summary>A neural model's vectors of the turns; null when none are kept. Some turns may have none yet.</summary>
    public required NeuralRows.View? Neural { get; init; }

    /// <summary>True when turns lack vectors of the space.</summary>
    public bool LacksVectorsOf(VectorSpace space) =>
        TurnCount > 0 && (Neural is null || Neural.Space.Id != space.Id || Neural.Turns < TurnCount);

    public required SessionEntry[] Sessions { get; init; }

    public required SpeakerEntry[] Speakers { get; init; }

    public required int SpeakerCount { get; init; }

    public required TermTable Terms { get; init; }

    public required NameTable Names { get; init; }

    /// <summary>The writer's list, to walk back from turns that are newer than this snapshot.</summary>
    public required Blocks<TurnEntry> LiveTurns { get; init; }

    public ReadOnlySpan<uint> FindPostings(ulong term) => Terms.Find(term, ChunkCount);

    /// <summary>Chunks that have a term and are not hidden.</summary>
    public int CountChunks(ulong term)
    {
        var postings = FindPostings(term);
        if (Hidden is null)
            return postings.Length;
        var count = 0;
        foreach (var posting in postings)
            count += Hidden.HasChunk(Posting.ChunkOf(posting)) ? 0 : 1;
        return count;
    }

    /// <summary>Chunk numbers of a turn: [start, end).</summary>
    public (int Start, int End) ChunksOf(int turn) =>
        (Turns[turn].FirstChunk, turn + 1 < TurnCount ? Turns[turn + 1].FirstChunk : ChunkCount);

    /// <summary>Vector numbers of a turn: [start, end); empty when the embedder knew nothing in it.</summary>
    public (int Start, int End) VectorsOf(int turn) =>
        (FirstVectors[turn], turn + 1 < TurnCount ? FirstVectors[turn + 1] : VectorCount);

    /// <summary>Numbers of the days a turn names: [start, end).</summary>
    public (int Start, int End) DaysOf(int turn) =>
        (Turns[turn].FirstDays, turn + 1 < TurnCount ? Turns[turn + 1].FirstDays : DaysCount);

    /// <summary>Numbers of a turn's words: [start, end).</summary>
    public (int Start, int End) WordNumbersOf(int turn) =>
        (Details[turn].FirstWord, turn + 1 < TurnCount ? Details[turn + 1].FirstWord : Phrases.WordCount);

    /// <summary>A turn's words as <see cref="WordCode"/>s; a copy where it must be one.</summary>
    public ReadOnlySpan<ushort> WordsOf(int turn)
    {
        var (start, end) = WordNumbersOf(turn);
        return Phrases.Words.Read(start, end - start);
    }

    /// <summary>Terms of a session as of this snapshot, dates left out.</summary>
    public int SessionTermsOf(int session)
    {
        // Found out once: the way to a session's newest turn misses every cache. Whoever comes at the same time writes the same.
        var known = sessionTerms ??= new int[SessionCount];
        ref var terms = ref known[session];
        if (terms == 0)
            terms = NewestTurnOf(session) is var turn and >= 0 ? Turns[turn].SessionTerms : 0;
        return terms;
    }

    /// <summary>A session's newest turn as of this snapshot, or -1.</summary>
    public int NewestTurnOf(int session)
    {
        var turn = Sessions[session].LastTurn;
        if (turn >= TurnCount)
        {
            var live = LiveTurns.Read();
            while (turn >= TurnCount)
                turn = live[turn].Previous;
        }

        return turn;
    }
}
