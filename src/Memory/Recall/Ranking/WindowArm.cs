using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// BM25 over windows: a turn with three on either side in its session is a document, in which a term counts
/// Σ min(2, count in the turn) · (1 − 0.2 · distance). Finds what several turns say together.
/// </summary>
internal sealed class WindowArm(RankScope scope, RankScratch scratch)
{
    private readonly List<int> touched = [];

    /// <summary>Adds to <see cref="RankScratch.Windows"/>, one for each turn; the greatest of them.</summary>
    public float Score(IReadOnlyList<WeightedTerm> terms)
    {
        var live = scope.Partitions.Sum(static partition => (long)partition.TurnCount - (partition.Hidden?.Turns ?? 0));
        var formula = new Bm25(MeaningWeights.WindowK1, MeaningWeights.WindowB, MeanLength(live));
        foreach (var term in terms)
        {
            var spread = new (int Containing, int From, int To)[scope.Partitions.Length];
            touched.Clear();
            for (var i = 0; i < spread.Length; i++)
            {
                var from = touched.Count;
                spread[i] = (Spread(scope.Partitions[i], scope.Offsets[i].Turns, term.Hash), from, touched.Count);
            }

            var weight = Bm25.Idf(live, spread.Sum(static each => each.To - each.From)) * term.Count;
            for (var i = 0; i < spread.Length; i++)
                AddScores(scope.Partitions[i], scope.Offsets[i].Turns, spread[i].From, spread[i].To, weight, formula);
        }

        var greatest = 0f;
        foreach (var score in scratch.Windows.AsSpan(0, scope.Turns))
            greatest = Math.Max(greatest, score);
        return greatest;
    }

    // Each turn that says the term gives to the windows it lies in; how many such turns there are.
    private int Spread(PartitionSnapshot partition, int offset, ulong term)
    {
        var postings = partition.FindPostings(term);
        var containing = 0;
        for (var at = 0; at < postings.Length;)
        {
            var turn = partition.Chunks[Posting.ChunkOf(postings[at])].Turn;
            var count = 0;
            for (; at < postings.Length && partition.Chunks[Posting.ChunkOf(postings[at])].Turn == turn; at++)
                count += Posting.TextCountOf(postings[at]);
            if (count == 0 || partition.Hidden?.HasTurn(turn) == true)
                continue;
            containing++;
            Give(partition, offset, turn, Math.Min(count, MeaningWeights.WindowCountMax));
        }

        return containing;
    }

    private void Give(PartitionSnapshot partition, int offset, int turn, float count)
    {
        Add(offset + turn, count);
        var (before, after) = (turn, turn);
        for (var away = 1; away <= MeaningWeights.WindowReach; away++)
        {
            var share = count * (1 - (MeaningWeights.WindowFall * away));
            before = before < 0 ? before : partition.Turns[before].Previous;
            after = after < 0 ? after : NextOf(partition, after);
            if (before >= 0)
                Add(offset + before, share);
            if (after >= 0)
                Add(offset + after, share);
        }
    }

    private void Add(int at, float share)
    {
        if (scratch.WindowCounts[at] == 0)
            touched.Add(at);
        scratch.WindowCounts[at] += share;
    }

    private void AddScores(PartitionSnapshot partition, int offset, int from, int to, float weight, Bm25 formula)
    {
        for (var i = from; i < to; i++)
        {
            var at = touched[i];
            scratch.Windows[at] += weight * formula.TermPart(scratch.WindowCounts[at], LengthOf(partition, at - offset));
            scratch.WindowCounts[at] = 0;
        }
    }

    private float MeanLength(long live)
    {
        var sum = 0L;
        foreach (var partition in scope.Partitions)
        {
            for (var turn = 0; turn < partition.TurnCount; turn++)
                sum += partition.Hidden?.HasTurn(turn) == true ? 0 : LengthOf(partition, turn);
        }

        return live == 0 ? 0 : (float)sum / live;
    }

    // Terms of a session are counted up to each turn: a window's are those at its end less those before its beginning.
    private static int LengthOf(PartitionSnapshot partition, int turn)
    {
        var (first, last) = (turn, turn);
        for (var away = 0; away < MeaningWeights.WindowReach; away++)
        {
            first = partition.Turns[first].Previous is var before and >= 0 ? before : first;
            last = NextOf(partition, last) is var after and >= 0 ? after : last;
        }

        var begun = partition.Turns[first].Previous;
        return partition.Turns[last].SessionTerms - (begun < 0 ? 0 : partition.Turns[begun].SessionTerms);
    }

    // A turn newer than the snapshot is none.
    private static int NextOf(PartitionSnapshot partition, int turn) =>
        partition.Turns[turn].Next is var next && next < partition.TurnCount ? next : -1;
}
