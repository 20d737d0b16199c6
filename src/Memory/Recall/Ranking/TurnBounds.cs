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
            var run = partition.Runs[number];
            var end = number + 1 < partition.RunCount ? partition.Runs[number + 1].First : partition.TurnCount;
            var prior = scale * priors[run.Session];
            var inside = Math.Min(run.First + Reach, end);
            for (var turn = run.First; turn < inside; turn++)
                bounds[turn] = prior + WithNeighbours(partition, turn, bases, shares, previous);
            inside = WriteInside(bases, bounds, inside, end - Reach, prior, shares, previous);
            for (var turn = inside; turn < end; turn++)
                bounds[turn] = prior + WithNeighbours(partition, turn, bases, shares, previous);
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

    // Turns whose neighbours are those beside them; answers the first that is left over.
    private static int WriteInside(
        ReadOnlySpan<float> bases, Span<float> bounds, int from, int to, float prior, NeighbourShares shares, float previous)
    {
        ref var own = ref MemoryMarshal.GetReference(bases);
        ref var written = ref MemoryMarshal.GetReference(bounds);
        var turn = from;
        for (; turn + Vector<float>.Count <= to; turn += Vector<float>.Count)
        {
            var at = (nuint)turn;
            var before = Vector.Max(Vector.LoadUnsafe(ref own, at - 1), Vector<float>.Zero);
            var twoAway = Vector.LoadUnsafe(ref own, at - 2) + Vector.LoadUnsafe(ref own, at + 2);
            var sum = Vector.LoadUnsafe(ref own, at) + new Vector<float>(prior)
                + (before * previous) + (Vector.LoadUnsafe(ref own, at + 1) * shares.Next) + (twoAway * shares.TwoAway);
            sum.StoreUnsafe(ref written, at);
        }

        return turn;
    }

    private static float WithNeighbours(
        PartitionSnapshot partition, int turn, ReadOnlySpan<float> bases, NeighbourShares shares, float previous)
    {
        ref readonly var row = ref partition.Turns[turn];
        return bases[turn] + (previous * Math.Max(0, BaseOf(row.Previous, bases))) + (shares.Next * BaseOf(row.Next, bases))
            + (shares.TwoAway * (BaseOf(row.SecondPrevious, bases) + BaseOf(row.SecondNext, bases)));
    }

    // Of no turn, and of one newer than the snapshot, nothing.
    private static float BaseOf(int turn, ReadOnlySpan<float> bases) => (uint)turn < (uint)bases.Length ? bases[turn] : 0;
}
