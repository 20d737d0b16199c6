using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Ranks all turns of a scope for a question (docs/ranking.md):
/// (BM25 / its maximum + 0.5 · max(0, cosine) + neighbours' shares + 0.3 · session BM25 / its maximum) × subject × asking.
/// With an encoder's vectors: (the first two terms + 0.5 · n(best piece) + 0.5 · n(context) + neighbours' smaller shares
/// + 0.3 · session + 0.2 · window BM25 / its maximum + 0.6 · agreement of dates) × subject × asking.
/// Pure and deterministic: the same snapshots and question give the same list.
/// </summary>
/// <param name="boundsFrom">Scopes of so many turns are ranked by <see cref="BoundedScan"/>; the result is the same.</param>
internal sealed class RankTurns(RankScope scope, RankQuery query, RankScratch scratch, int boundsFrom = RankTurns.BoundsFromDefault)
{
    // Candidates beyond those asked for, so that rounding to 1e-6 cannot let a better turn slip.
    private const int Margin = 16;
    // Below it every vector is looked at sooner than it is found out which need not be.
    private const int BoundsFromDefault = 262_144;
    // Below it all are looked at in one go.
    private const int LikeliestFrom = 1_024;

    private float chunkMaximum;
    private float sessionMaximum;
    private float staticScale = 1;
    private double[] weights = [];
    private double weightAsked;
    private float sessionScale;
    private float[][] multipliers = [];
    private float multiplierMost = 1;
    private MeaningArm? meaning;
    private MeaningQuery? asked;
    private BoundedScan? bounded;
    private float windowMaximum;
    private NeighbourShares shares = NeighbourShares.Lexical;
    private Subject subject = query.Subject;

    /// <summary>The best <paramref name="limit"/> turns that the masks allow, best first; only those that score above zero.</summary>
    public IReadOnlyList<RankedTurn> Rank(int limit)
    {
        ScoreWords();
        return Finish(query.Meaning, limit);
    }

    /// <summary>The first half of <see cref="Rank"/>, which knows nothing of an encoder yet.</summary>
    public void ScoreWords()
    {
        scratch.Prepare(scope);
        if (query.Quote is not null)
            QuoteArm.Score(scope, query.Quote, scratch);
        NameArm.Score(scope, query.Names, scratch);
        LexicalArm.Score(scope, query.Terms, scratch);
        bounded = query is { Vector: { } vector, Neural: null, Meaning: null, MayMean: false } && scope.Turns >= boundsFrom
            ? new BoundedScan(scope, vector, scratch)
            : null;
        if (query.Vector is not null && bounded is null)
            VectorArm.Score(scope, query.Vector, scratch);
        chunkMaximum = Math.Max(query.Floor.Chunk, Greatest.Of(scratch.ChunkScores.AsSpan(0, scope.Chunks)));
        sessionMaximum = Math.Max(query.Floor.Session, Greatest.Of(scratch.SessionScores.AsSpan(0, scope.Sessions)));
        if (query.Neural is not null)
            staticScale = query.Vector is not null && Greatest.Of(scratch.Cosines.AsSpan(0, scope.Vectors)) is var best and > 0
                ? 1 / best : 0;
        weights = [.. query.Terms.Select(term => Relevance.WeightOf(term, scope, query.Fillers))];
        weightAsked = Relevance.AskedOf(weights);
        for (var i = 0; i < scope.Partitions.Length; i++)
        {
            ScoreBases(scope.Partitions[i], scope.Offsets[i]);
            if (query.Neural is { } neural)
                ScoreHits(scope.Partitions[i], scope.Offsets[i], neural.Hits[i]);
        }
    }

    /// <summary>The second half.</summary>
    /// <param name="meant">What an encoder made of the question; null without one.</param>
    public IReadOnlyList<RankedTurn> Finish(MeaningQuery? meant, int limit)
    {
        asked = meant;
        if (meant is not null)
            ScoreMeaning(meant);
        return Select(limit);
    }

    /// <summary>True when an encoder's vectors took part in the last ranking.</summary>
    public bool UsedMeaning => meaning is not null;

    /// <summary>What the scores of the last ranking are relative to.</summary>
    public RankMaxima Maxima => new(chunkMaximum, sessionMaximum) { Meaning = meaning?.MaximaWith(windowMaximum) };

    private void ScoreMeaning(MeaningQuery meant)
    {
        meaning = MeaningArm.TryScore(scope, meant, scratch, query);
        if (meaning is null)
            return;
        meaning.AddTo(scratch.Bases.AsSpan(0, scope.Turns));
        windowMaximum = Math.Max(query.Floor.Meaning?.Window ?? 0, new WindowArm(scope, scratch).Score(meant.Terms));
        shares = NeighbourShares.Meaning;
        subject = meant.AsksAssistant ? Subject.Nobody : query.Subject;
    }

    private RankedTurn[] Select(int limit)
    {
        var top = new TopTurns(Math.Min(limit + Margin, Math.Max(scope.Turns, 1)), scope);
        sessionScale = sessionMaximum > 0 ? RankerWeights.Session / sessionMaximum : 0;
        multipliers = [.. scope.Partitions.Select(subject.MultipliersOf)];
        multiplierMost = multipliers.Length == 0 ? 1 : multipliers.Max(static each => each.Max());
        if (bounded is null || !TryOfferBounded(bounded, top))
        {
            for (var i = 0; i < scope.Partitions.Length; i++)
                Offer(i, top);
        }

        foreach (var (at, share) in scratch.Quotes)
            OfferQuote(at, share, top);
        var ranked = new List<(double Score, int Number, RankedTurn Turn)>(top.Items.Length);
        foreach (var (_, number, turn) in top.Items)
        {
            var explained = Explain(number, turn);
            ranked.Add((explained.Score, number, explained));
        }

        ranked.Sort(static (left, right) => Compare(left.Score, left.Turn, right.Score, right.Turn));
        var first = new RankedTurn[Math.Min(limit, ranked.Count)];
        for (var i = 0; i < first.Length; i++)
        {
            first[i] = ranked[i].Turn;
            first[i].Relevance = RelevanceOf(first[i], ranked[i].Number);
        }

        return first;
    }

    // A neural hit's own score: its best chunk, plus what the model says.
    private void ScoreHits(PartitionSnapshot partition, RankScope.Offset offset, Dictionary<int, float> hits)
    {
        foreach (var (turn, neural) in hits)
            scratch.Bases[offset.Turns + turn] = LexicalOf(partition, offset, turn) + (RankerWeights.Vector * neural);
    }

    private void ScoreBases(PartitionSnapshot partition, RankScope.Offset offset) => TurnBases.Write(
        partition,
        scratch.ChunkScores.AsSpan(offset.Chunks, partition.ChunkCount),
        chunkMaximum > 0 ? 1 / chunkMaximum : 0,
        query.Vector is null || bounded is not null ? [] : scratch.Cosines.AsSpan(offset.Vectors, partition.VectorCount),
        RankerWeights.Vector * staticScale,
        query.Neural?.UnseenFrom,
        scratch.Bases.AsSpan(offset.Turns, partition.TurnCount));

    private void Offer(int number, TopTurns top)
    {
        var bounds = WriteBounds(number);
        // The likeliest come first: then few of the others reach the threshold.
        var first = bounds.Length < LikeliestFrom ? [] : TurnBounds.FindGreatest(bounds, top.Capacity);
        foreach (var turn in first)
            Offer(number, turn, top);
        for (var turn = -1; (turn = TurnBounds.Next(bounds, turn + 1, LeastBound(top.Threshold))) >= 0;)
        {
            if (Array.BinarySearch(first, turn) < 0)
                Offer(number, turn, top);
        }
    }

    private void Offer(int number, int turn, TopTurns top)
    {
        var partition = scope.Partitions[number];
        var score = ScoreOf(number, turn);
        if (score >= top.Threshold && !scratch.Quotes.ContainsKey(scope.Offsets[number].Turns + turn)
            && partition.Hidden?.HasTurn(turn) != true && scope.Masks[number]?.Allows(partition, turn) != false)
            top.Offer(score, number, turn);
    }

    private Span<float> WriteBounds(int number)
    {
        var (partition, offset) = (scope.Partitions[number], scope.Offsets[number]);
        var bounds = scratch.Bounds.AsSpan(offset.Turns, partition.TurnCount);
        TurnBounds.Write(
            partition, scratch.Bases.AsSpan(offset.Turns, partition.TurnCount),
            scratch.SessionScores.AsSpan(offset.Sessions, partition.SessionCount),
            sessionScale, shares, bounds);
        if (windowMaximum > 0)
            TurnBounds.Add(bounds, scratch.Windows.AsSpan(offset.Turns, partition.TurnCount), MeaningWeights.Window / windowMaximum);
        return bounds;
    }

    // A turn whose bound is less cannot reach the score.
    private float LeastBound(float score) => (score / multiplierMost) - TurnBounds.Slack - (meaning is null ? 0 : asked!.DateMost);

    // Without what a quotation counts.
    private float ScoreOf(int number, int turn)
    {
        var (partition, offset) = (scope.Partitions[number], scope.Offsets[number]);
        ref readonly var row = ref partition.Turns[turn];
        var score = scratch.Bases[offset.Turns + turn]
            + Smoothing(partition, in row, scratch.Bases.AsSpan(offset.Turns, partition.TurnCount))
            + (sessionScale * scratch.SessionScores[offset.Sessions + row.Session]);
        if (meaning is not null)
            score += WindowOf(offset.Turns + turn) + DateOf(partition, turn);
        return score * (multipliers[number][row.Speaker] * AskingOf(partition, in row));
    }

    // False when the full scan has to do it; then with every turn's vectors.
    private bool TryOfferBounded(BoundedScan bounded, TopTurns top)
    {
        scratch.PrepareBounds(scope);
        for (var number = 0; number < scope.Partitions.Length; number++)
            WriteBounds(number);
        if (bounded.TryOffer(top, multiplierMost, BoundOf, (number, turn) => OfferCompleted(bounded, number, turn, top)))
            return true;
        top.Clear();
        VectorArm.Score(scope, query.Vector!, scratch);
        this.bounded = null;
        for (var i = 0; i < scope.Partitions.Length; i++)
            ScoreBases(scope.Partitions[i], scope.Offsets[i]);
        return false;
    }

    // The most that vectors can make of it, given who said it.
    private float BoundOf(int number, int turn)
    {
        ref readonly var row = ref scope.Partitions[number].Turns[turn];
        return ScoreOf(number, turn) + (BoundedScan.GainOf(in row) * multipliers[number][row.Speaker]);
    }

    private void OfferCompleted(BoundedScan bounded, int number, int turn, TopTurns top)
    {
        var (partition, offset) = (scope.Partitions[number], scope.Offsets[number]);
        if (scratch.Quotes.ContainsKey(offset.Turns + turn)
            || partition.Hidden?.HasTurn(turn) == true
            || scope.Masks[number]?.Allows(partition, turn) == false)
            return;
        Complete(bounded, number, turn);
        if (ScoreOf(number, turn) is var score && score >= top.Threshold)
            top.Offer(score, number, turn);
    }

    private void Complete(BoundedScan bounded, int number, int turn)
    {
        ref readonly var row = ref scope.Partitions[number].Turns[turn];
        bounded.Complete(number, turn);
        bounded.Complete(number, row.Previous);
        bounded.Complete(number, row.SecondPrevious);
        bounded.Complete(number, row.Next);
        bounded.Complete(number, row.SecondNext);
    }

    // Turns that quote the question are few, and were passed over above.
    private void OfferQuote(int at, float share, TopTurns top)
    {
        var number = 0;
        while (number + 1 < scope.Partitions.Length && at >= scope.Offsets[number + 1].Turns)
            number++;
        var (partition, offset) = (scope.Partitions[number], scope.Offsets[number]);
        var turn = at - offset.Turns;
        if (scope.Masks[number] is { } mask && !mask.Allows(partition, turn))
            return;
        if (bounded is not null)
            Complete(bounded, number, turn);
        top.Offer(ScoreOf(number, turn) + (RankerWeights.Quote * share), number, turn);
    }

    // Neighbours' shares. A neighbour that is newer than the snapshot lies beyond the bases and counts as none.
    private float Smoothing(PartitionSnapshot partition, in TurnEntry row, ReadOnlySpan<float> bases)
    {
        var sum = 0f;
        if ((uint)row.Previous < (uint)bases.Length)
            sum += ShareOfPrevious(partition, in row) * bases[row.Previous];
        if ((uint)row.SecondPrevious < (uint)bases.Length)
            sum += shares.TwoAway * bases[row.SecondPrevious];
        if ((uint)row.Next < (uint)bases.Length)
            sum += shares.Next * bases[row.Next];
        if ((uint)row.SecondNext < (uint)bases.Length)
            sum += shares.TwoAway * bases[row.SecondNext];
        return sum;
    }

    private float ShareOfPrevious(PartitionSnapshot partition, in TurnEntry row)
    {
        if (!row.FollowsQuestion)
            return shares.Previous;
        return meaning is not null && OnlyAsks(partition, in partition.Turns[row.Previous])
            ? shares.PreviousAsked : shares.PreviousQuestion;
    }

    private static float AskingOf(PartitionSnapshot partition, in TurnEntry row) =>
        row.AsksQuestion && OnlyAsks(partition, in row) ? RankerWeights.OnlyAsks : 1;

    private static bool OnlyAsks(PartitionSnapshot partition, in TurnEntry row) =>
        row.SessionTerms - (row.Previous < 0 ? 0 : partition.Turns[row.Previous].SessionTerms) <= RankerWeights.OnlyAsksTermsMax;

    private RankedTurn Explain(int number, int turn)
    {
        var partition = scope.Partitions[number];
        var offset = scope.Offsets[number];
        var lexical = LexicalOf(partition, offset, turn);
        var cosine = CosineOf(number, turn);
        ref readonly var entry = ref partition.Turns[turn];
        var smoothing = Smoothing(partition, in entry, scratch.Bases.AsSpan(offset.Turns, partition.TurnCount));
        var session = sessionMaximum > 0
            ? RankerWeights.Session * scratch.SessionScores[offset.Sessions + entry.Session] / sessionMaximum
            : 0;
        var multiplier = Math.Round(Math.Round(subject.MultiplierOf(partition.Speakers[entry.Speaker]),
            2) * Math.Round(AskingOf(partition, in entry), 2), 4);
        return new RankedTurn(
            partition,
            turn,
            ScoreParts.Rounded(lexical, RankerWeights.Vector * VectorOf(number, turn, cosine), smoothing, session, multiplier) with
            {
                Meaning = MeaningOf(number, turn), Quote = QuoteOf(offset.Turns + turn),
            });
    }

    // Only of those that are answered: it has no part in their order.
    private double RelevanceOf(RankedTurn ranked, int number) => Relevance.Of(
        ranked.Partition, ranked.Turn, query, weights, weightAsked,
        RelevantMeaning(scope.Offsets[number].Turns + ranked.Turn, CosineOf(number, ranked.Turn)),
        scratch.Named.Contains(scope.Offsets[number].Turns + ranked.Turn));

    private float CosineOf(int number, int turn)
    {
        if (query.Vector is null)
            return 0;
        var (start, end) = scope.Partitions[number].VectorsOf(turn);
        return Greatest.Of(scratch.Cosines.AsSpan(scope.Offsets[number].Vectors)[start..end]);
    }

    // The encoder's best cosine where the turn has one, else that of the word vectors.
    private double? RelevantMeaning(int at, float cosine)
    {
        var encoded = meaning?.CosineOf(at) ?? float.NaN;
        if (!float.IsNaN(encoded))
            return Relevance.OfEncoder(encoded);
        return query.Vector is null ? null : Relevance.OfStatic(cosine);
    }

    private double QuoteOf(int at) => scratch.Quotes.TryGetValue(at, out var share) ? Math.Round(RankerWeights.Quote * share, 6) : 0;

    private MeaningParts MeaningOf(int number, int turn)
    {
        if (meaning is null)
            return default;
        var at = scope.Offsets[number].Turns + turn;
        return MeaningParts.Rounded(
            meaning.PieceOf(at), meaning.ContextOf(at), meaning.StandInOf(at), WindowOf(at), DateOf(scope.Partitions[number], turn));
    }

    private float WindowOf(int at) => windowMaximum > 0 ? MeaningWeights.Window * scratch.Windows[at] / windowMaximum : 0;

    // A date that the question names, or the time that it asks for.
    private float DateOf(PartitionSnapshot partition, int turn)
    {
        var agreed = asked!.Dates.Count > 0 ? MeaningWeights.Date * DateAgreement.Of(partition, turn, asked.Dates) : 0;
        return asked.AsksWhen && partition.DaysOf(turn) is var (start, end) && end > start ? agreed + MeaningWeights.NamesTime : agreed;
    }

    private float LexicalOf(PartitionSnapshot partition, RankScope.Offset offset, int turn)
    {
        var (start, end) = partition.ChunksOf(turn);
        return chunkMaximum > 0 ? Greatest.Of(scratch.ChunkScores.AsSpan(offset.Chunks)[start..end]) / chunkMaximum : 0;
    }

    private float VectorOf(int number, int turn, float cosine)
    {
        if (query.Neural is not { } neural)
            return cosine;
        if (neural.Hits[number].TryGetValue(turn, out var hit))
            return hit;
        return scope.Partitions[number].Details[turn].RecordedAt >= neural.UnseenFrom ? staticScale * cosine : 0;
    }

    private static int Compare(double leftScore, RankedTurn left, double rightScore, RankedTurn right)
    {
        var byScore = rightScore.CompareTo(leftScore);
        if (byScore != 0)
            return byScore;
        var bySession = string.CompareOrdinal(left.SessionId, right.SessionId);
        return bySession != 0 ? bySession : left.Seq.CompareTo(right.Seq);
    }
}
