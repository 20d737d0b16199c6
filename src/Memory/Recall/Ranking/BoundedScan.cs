using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// Ranks a large scope without looking at most of its vectors: no cosine is above 1, so that words alone say which turns cannot
/// reach what the best have (Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995, with vectors as the last and
/// dearest term). The result is that of the full scan to the last bit: what is looked at is summed in the same order.
/// </summary>
internal sealed class BoundedScan(RankScope scope, QueryVector vector, RankScratch scratch)
{
    // Quantised unit vectors may reach a little more.
    private const float CosineMax = 1.02f;
    private const float Slack = TurnBounds.Slack;
    private static readonly float GainMost = GainOf(new TurnEntry { FollowsQuestion = true });

    // When more of the turns than this may reach the top, all are scanned: one after another costs less than here and there.
    private const int ShareMax = 16;

    private ReadOnlySpan<float> Bounds => scratch.Bounds.AsSpan(0, scope.Turns);

    /// <summary>The most that vectors add to a turn's own score and what it inherits.</summary>
    public static float GainOf(in TurnEntry row) => RankerWeights.Vector * CosineMax
        * (1 + RankerWeights.Next + (2 * RankerWeights.TwoAway)
            + (row.FollowsQuestion ? RankerWeights.PreviousQuestion : RankerWeights.Previous));

    /// <summary>
    /// Calls <paramref name="offer"/> for every turn whose bound reaches the top's threshold, the likeliest first; false, when they are
    /// too many, before any but those. Reads <see cref="RankScratch.Bounds"/>, which know nothing of vectors and of who speaks.
    /// </summary>
    /// <param name="multiplierMost">The most that a bound is multiplied by.</param>
    /// <param name="boundOf">What a turn can score at most.</param>
    public bool TryOffer(TopTurns top, float multiplierMost, Func<int, int, float> boundOf, Action<int, int> offer)
    {
        var first = FindLikeliest(top.Capacity, multiplierMost, boundOf);
        foreach (var at in first)
            Call(at, offer);
        if (!top.IsFull)
            return false;
        Array.Sort(first);
        var rest = new List<(int At, float Bound)>();
        var threshold = top.Threshold - Slack;
        for (var at = -1; (at = TurnBounds.Next(Bounds, at + 1, ToBound(threshold, multiplierMost))) >= 0;)
        {
            var bound = BoundAt(at, boundOf);
            if (bound < threshold || Array.BinarySearch(first, at) >= 0)
                continue;
            rest.Add((at, bound));
            if (rest.Count > scope.Turns / ShareMax)
                return false;
        }

        foreach (var (at, bound) in rest)
        {
            if (bound >= top.Threshold - Slack)
                Call(at, offer);
        }

        return true;
    }

    /// <summary>Adds a turn's vectors to its own score, unless that was done.</summary>
    public void Complete(int number, int turn)
    {
        var (partition, offset) = (scope.Partitions[number], scope.Offsets[number]);
        if ((uint)turn >= (uint)partition.TurnCount)
            return;
        ref var bits = ref scratch.Completed[(offset.Turns + turn) >> 6];
        var bit = 1UL << (offset.Turns + turn);
        if ((bits & bit) != 0)
            return;
        bits |= bit;
        var (start, end) = partition.VectorsOf(turn);
        var best = 0f;
        for (var i = start; i < end; i++)
        {
            VectorKernel.Dot(partition.Vectors.Row(i), vector.Row.Length, vector.Row, scratch.Products.AsSpan(0, 1));
            var cosine = scratch.Products[0] * (partition.VectorScales[i] * vector.Scale);
            scratch.Cosines[offset.Vectors + i] = cosine;
            best = cosine > best ? cosine : best;
        }

        scratch.Bases[offset.Turns + turn] += RankerWeights.Vector * best;
    }

    private static float ToBound(float score, float multiplierMost) => (score / multiplierMost) - GainMost - Slack;

    private void Call(int at, Action<int, int> offer)
    {
        var number = PartitionOf(at);
        offer(number, at - scope.Offsets[number].Turns);
    }

    private float BoundAt(int at, Func<int, int, float> boundOf)
    {
        var number = PartitionOf(at);
        return boundOf(number, at - scope.Offsets[number].Turns);
    }

    private int PartitionOf(int at)
    {
        var number = 0;
        while (number + 1 < scope.Partitions.Length && at >= scope.Offsets[number + 1].Turns)
            number++;
        return number;
    }

    // The turns of the greatest bounds, more than the top holds, so that its threshold is high from the start.
    private int[] FindLikeliest(int capacity, float multiplierMost, Func<int, int, float> boundOf)
    {
        var best = new PriorityQueue<int, float>();
        var least = float.NegativeInfinity;
        for (var at = -1; (at = TurnBounds.Next(Bounds, at + 1, ToBound(least, multiplierMost))) >= 0;)
        {
            var bound = BoundAt(at, boundOf);
            if (bound <= least)
                continue;
            if (best.Count < capacity * 2)
                best.Enqueue(at, bound);
            else
                best.EnqueueDequeue(at, bound);
            least = best.Count < capacity * 2 || !best.TryPeek(out _, out var lowest) ? float.NegativeInfinity : lowest;
        }

        return [.. best.UnorderedItems.Select(static each => each.Element)];
    }
}
