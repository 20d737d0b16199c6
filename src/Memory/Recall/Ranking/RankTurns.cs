using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>A question made ready for ranking.</summary>
/// <param name="Vector">Null when the embedder knows nothing in it; the ranking is then lexical.</param>
internal sealed record RankQuery(IReadOnlyList<WeightedTerm> Terms, QueryVector? Vector, Subject Subject);

/// <summary>
/// Ranks all turns of a scope for a question (docs/ranking.md):
/// (BM25 / its maximum + 0.5 · max(0, cosine) + neighbours' shares + 0.3 · session BM25 / its maximum) × subject.
/// Pure and deterministic: the same snapshots and question give the same list.
/// </summary>
internal sealed class RankTurns(RankScope scope, RankQuery query, RankScratch scratch)
{
    // Candidates beyond those asked for, so that rounding to 1e-6 cannot let a better turn slip.
    private const int Margin = 16;

    private float chunkMaximum;
    private float sessionMaximum;
    private double idfTotal;

    /// <summary>The best <paramref name="limit"/> turns that the masks allow, best first; only those that score above zero.</summary>
    public IReadOnlyList<RankedTurn> Rank(int limit)
    {
        scratch.Prepare(scope);
        LexicalArm.Score(scope, query.Terms, scratch);
        if (query.Vector is not null)
            VectorArm.Score(scope, query.Vector, scratch);
        chunkMaximum = Maximum(scratch.ChunkScores.AsSpan(0, scope.Chunks));
        sessionMaximum = Maximum(scratch.SessionScores.AsSpan(0, scope.Sessions));
        idfTotal = query.Terms.Sum(term => term.Count * (double)Bm25.Idf(scope.Chunks, LexicalArm.CountChunks(scope, term.Hash)));
        for (var i = 0; i < scope.Partitions.Count; i++)
            ScoreBases(scope.Partitions[i], scope.Offsets[i]);
        return Select(limit);
    }

    private List<RankedTurn> Select(int limit)
    {
        var top = new TopTurns(Math.Min(limit + Margin, Math.Max(scope.Turns, 1)), scope);
        for (var i = 0; i < scope.Partitions.Count; i++)
            Offer(i, top);
        var ranked = new List<RankedTurn>(top.Items.Length);
        foreach (var (_, partition, turn) in top.Items)
            ranked.Add(Explain(partition, turn));
        ranked.Sort(Compare);
        if (ranked.Count > limit)
            ranked.RemoveRange(limit, ranked.Count - limit);
        return ranked;
    }

    // A turn's own score: its best chunk, plus its best vector.
    private void ScoreBases(PartitionSnapshot partition, RankScope.Offset offset)
    {
        var chunks = scratch.ChunkScores.AsSpan(offset.Chunks, partition.ChunkCount);
        var cosines = query.Vector is null ? [] : scratch.Cosines.AsSpan(offset.Vectors, partition.VectorCount);
        var bases = scratch.Bases.AsSpan(offset.Turns, partition.TurnCount);
        var scale = chunkMaximum > 0 ? 1 / chunkMaximum : 0;
        int chunk = 0, vector = 0;
        for (var turn = 0; turn < bases.Length; turn++)
        {
            var (_, chunkEnd) = partition.ChunksOf(turn);
            var lexical = 0f;
            for (; chunk < chunkEnd; chunk++)
                lexical = Math.Max(lexical, chunks[chunk]);
            var cosine = 0f;
            if (!cosines.IsEmpty)
            {
                var (_, vectorEnd) = partition.VectorsOf(turn);
                for (; vector < vectorEnd; vector++)
                    cosine = Math.Max(cosine, cosines[vector]);
            }

            bases[turn] = (lexical * scale) + (RankerWeights.Vector * cosine);
        }
    }

    private void Offer(int number, TopTurns top)
    {
        var mask = scope.Masks[number];
        var partition = scope.Partitions[number];
        var offset = scope.Offsets[number];
        var bases = scratch.Bases.AsSpan(offset.Turns, partition.TurnCount);
        var sessions = scratch.SessionScores.AsSpan(offset.Sessions, partition.SessionCount);
        var sessionScale = sessionMaximum > 0 ? RankerWeights.Session / sessionMaximum : 0;
        var multipliers = query.Subject.MultipliersOf(partition);
        for (var turn = 0; turn < bases.Length; turn++)
        {
            ref readonly var entry = ref partition.Turns[turn];
            var score = bases[turn] + Smoothing(partition, in entry, bases) + (sessionScale * sessions[entry.Session]);
            score *= multipliers[entry.Speaker];
            if (score >= top.Threshold && (mask is null || mask.Allows(partition, turn)))
                top.Offer(score, number, turn);
        }
    }

    private static float Smoothing(PartitionSnapshot partition, in TurnEntry entry, ReadOnlySpan<float> bases)
    {
        var sum = 0f;
        if (entry.Previous >= 0)
        {
            ref readonly var previous = ref partition.Turns[entry.Previous];
            sum += (previous.AsksQuestion ? RankerWeights.PreviousQuestion : RankerWeights.Previous) * bases[entry.Previous];
            if (previous.Previous >= 0)
                sum += RankerWeights.TwoAway * bases[previous.Previous];
        }

        var next = entry.Next;
        if ((uint)next >= (uint)bases.Length)
            return sum;
        sum += RankerWeights.Next * bases[next];
        var second = partition.Turns[next].Next;
        if ((uint)second < (uint)bases.Length)
            sum += RankerWeights.TwoAway * bases[second];
        return sum;
    }

    private RankedTurn Explain(int number, int turn)
    {
        var partition = scope.Partitions[number];
        var offset = scope.Offsets[number];
        var (chunkStart, chunkEnd) = partition.ChunksOf(turn);
        var lexical = chunkMaximum > 0
            ? Maximum(scratch.ChunkScores.AsSpan(offset.Chunks)[chunkStart..chunkEnd]) / chunkMaximum
            : 0;
        var (vectorStart, vectorEnd) = partition.VectorsOf(turn);
        var cosine = query.Vector is null ? 0 : Maximum(scratch.Cosines.AsSpan(offset.Vectors)[vectorStart..vectorEnd]);
        ref readonly var entry = ref partition.Turns[turn];
        var smoothing = Smoothing(partition, in entry, scratch.Bases.AsSpan(offset.Turns, partition.TurnCount));
        var session = sessionMaximum > 0
            ? RankerWeights.Session * scratch.SessionScores[offset.Sessions + entry.Session] / sessionMaximum
            : 0;
        var multiplier = Math.Round(query.Subject.MultiplierOf(partition.Speakers[entry.Speaker]), 2);
        return new RankedTurn(
            partition,
            turn,
            ScoreParts.Rounded(lexical, RankerWeights.Vector * cosine, smoothing, session, multiplier),
            Relevance.Of(partition, turn, query.Terms, scope, idfTotal, query.Vector is null ? null : cosine));
    }

    private static int Compare(RankedTurn left, RankedTurn right)
    {
        var byScore = right.Score.CompareTo(left.Score);
        if (byScore != 0)
            return byScore;
        var bySession = string.CompareOrdinal(left.SessionId, right.SessionId);
        return bySession != 0 ? bySession : left.Seq.CompareTo(right.Seq);
    }

    private static float Maximum(ReadOnlySpan<float> values)
    {
        var maximum = 0f;
        foreach (var value in values)
            maximum = Math.Max(maximum, value);
        return maximum;
    }
}
