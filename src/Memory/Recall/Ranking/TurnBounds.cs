using System.Numerics;
using System.Runtime.InteropServices;
using MemoryOrleans.Recall.Index;

namespace MemoryOrleans.Recall.Ranking;

/// <summary>
/// The most that each turn can score, before what multiplies it: its own score, its neighbours' shares as if the one before had asked,
/// and its session's. Several turns at a time, as most lie beside their neighbours (<see cref="SessionRun"/>); what a bound keeps out
/// of the top need not be looked at by itself.
/// </summary>
internal static class TurnBounds
{
    /// <summary>Bounds and scores are rounded apart.</summary>
    public const float Slack = 1e-4f;

    // How far a neighbour that a turn inherits from is away.
    private const int Reach = 2;

    /// <summary>Writes a bound for each turn of the partition.</summary>
    /// <param name="priors">Of each session, to be multiplied by <paramref name="scale"/>.</param>
    public static void Write(
        PartitionSnapshot partition, ReadOnlySpan<float> bases, ReadOnlySpan<float> priors, float scale, NeighbourShares shares,
        Span<float> bounds)
    {
        var previous = Math.Max(shares.Previous, Math.Max(shares.PreviousQuestion, shares.PreviousAsked));
        for (var number = 0; number < partition.RunCount; number++)
        {
            ref readonly var run = ref partition.Runs[number];
            var end = number + 1 < partition.RunCount ? partition.Runs[number + 1].First : partition.TurnCount;
            var prior = scale * priors[run.Session];
            var inside = Math.Min(run.First + Reach, end);
            for (var turn = run.First; turn < inside; turn++)
                bounds[turn] = prior + WithNeighbours(in run, end, turn, bases, shares, previous);
            inside = WriteInside(bases, bounds, inside, end - Reach, prior, shares, previous);
            for (var turn = inside; turn < end; turn++)
                bounds[turn] = prior + WithNeighbours(in run, end, turn, bases, shares, previous);
        }
    }

    /// <summary>Adds to each bound <paramref name="scale"/> times the turn's value.</summary>
    public static void Add(Span<float> bounds, ReadOnlySpan<float> values, float scale)
    {
        for (var turn = 0; turn < bounds.Length; turn++)
            bounds[turn] += scale * values[turn];
    }

    /// <summary>The first turn from one on whose bound is <paramref name="least"/> or more; -1 when there is none.</summary>
    public static int Next(ReadOnlySpan<float> bounds, int from, float least)
    {
        ref var first = ref MemoryMarshal.GetReference(bounds);
        var limit = new Vector<float>(least);
        var turn = from;
        for (; turn + Vector<float>.Count <= bounds.Length; turn += Vector<float>.Count)
        {
            if (Vector.GreaterThanOrEqualAny(Vector.LoadUnsafe(ref first, (nuint)turn), limit))
                break;
        }

        for (; turn < bounds.Length; turn++)
        {
            if (bounds[turn] >= least)
                return turn;
        }

        return -1;
    }

    /// <summary>The turns of the greatest bounds, at most so many, by number; of equal bounds those that come first.</summary>
    public static int[] FindGreatest(ReadOnlySpan<float> bounds, int count)
    {
        var best = new PriorityQueue<int, float>(count);
        var least = float.NegativeInfinity;
        for (var at = -1; (at = Next(bounds, at + 1, least)) >= 0;)
        {
            if (best.Count < count)
                best.Enqueue(at, bounds[at]);
            else
                best.EnqueueDequeue(at, bounds[at]);
            if (best.Count == count && best.TryPeek(out _, out var lowest))
                least = MathF.BitIncrement(lowest);
        }

        int[] found = [.. best.UnorderedItems.Select(static each => each.Element)];
        Array.Sort(found);
        return found;
    }

    // Turns whose neighbours are those beside them; answers the first that is left over.
    private static int WriteInside(
        ReadOnlySpan<float> bases, Span<float> bounds, int from, int to, float prior, NeighbourShares shares, float previous)
    {
        ref var own = ref MemoryMarshal.GetReference(bases);
        ref var written = ref MemoryMarshal.GetReference(bounds);
        var turn = from;
        if (to - from < Vector<float>.Count)
            return from;
        while (turn < to)
        {
            // The last ones are written a second time, with others before them, rather than one by one.
            turn = Math.Min(turn, to - Vector<float>.Count);
            var at = (nuint)turn;
            var before = Vector.Max(Vector.LoadUnsafe(ref own, at - 1), Vector<float>.Zero);
            var twoAway = Vector.LoadUnsafe(ref own, at - 2) + Vector.LoadUnsafe(ref own, at + 2);
            var sum = Vector.LoadUnsafe(ref own, at) + new Vector<float>(prior)
                + (before * previous) + (Vector.LoadUnsafe(ref own, at + 1) * shares.Next) + (twoAway * shares.TwoAway);
            sum.StoreUnsafe(ref written, at);
            turn += Vector<float>.Count;
        }

        return turn;
    }

    private static float WithNeighbours(
        in SessionRun run, int end, int turn, ReadOnlySpan<float> bases, NeighbourShares shares, float previous)
    {
        var (isFirst, isLast) = (turn == run.First, turn == end - 1);
        var before = BaseOf(isFirst ? run.Previous : turn - 1, bases);
        var after = BaseOf(isLast ? run.Next : turn + 1, bases);
        var twoBefore = BaseOf(isFirst ? run.SecondPrevious : turn == run.First + 1 ? run.Previous : turn - 2, bases);
        var twoAfter = BaseOf(isLast ? run.SecondNext : turn == end - 2 ? run.Next : turn + 2, bases);
        return bases[turn] + (previous * Math.Max(0, before)) + (shares.Next * after) + (shares.TwoAway * (twoBefore + twoAfter));
    }

    // Of no turn, and of one newer than the snapshot, nothing.
    private static float BaseOf(int turn, ReadOnlySpan<float> bases) => (uint)turn < (uint)bases.Length ? bases[turn] : 0;
}
