using MemoryOrleans.Embeddings;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Episodes;

/// <summary>
/// Cuts a run of turns into episodes: where hours passed, where the subject changed, and where there are too many. Subject
/// changes are found as TextTiling does (Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages",
/// 1997): the turns before and after a gap are compared by words and vectors, and a gap that lies deep between its
/// neighbouring peaks is a boundary.
/// </summary>
internal static class SegmentTurns
{
    /// <summary>A pause that begins a new episode.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromHours(4);

    /// <summary>Turns of the smallest episode, unless there are fewer.</summary>
    public const int TurnsMin = 3;

    /// <summary>Turns on each side of a change of subject.</summary>
    private const int SubjectTurnsMin = 8;
    private const int Window = 4;

    /// <summary>A valley counts when it is this many standard deviations deeper than the mean.</summary>
    private const double DepthDeviations = 1.0;
    private const double DepthMin = 0.15;
    private const int TextLengthMax = 1_000;

    /// <summary>Ranges of turns that cover them all in order, each of at most <paramref name="turnsMax"/> turns.</summary>
    public static IReadOnlyList<Range> Split(IReadOnlyList<Turn> turns, int turnsMax, IEmbedder embedder)
    {
        var space = new SentenceSpace([.. turns.Select(static turn => SplitTurn.Head(turn.Content, TextLengthMax))], embedder);
        var cohesion = new double[turns.Count];
        for (var at = 1; at < turns.Count; at++)
            cohesion[at] = space.Similarity(Math.Max(0, at - Window)..at, at..Math.Min(turns.Count, at + Window));

        var pieces = new List<Range>();
        foreach (var (start, end) in SplitAt(0, turns.Count, TurnsMin, at => turns[at].OccurredAt - turns[at - 1].OccurredAt >= PauseMin))
        {
            var valleys = Valleys(cohesion, start, end);
            foreach (var (from, to) in SplitAt(start, end, SubjectTurnsMin, valleys.Contains))
                Bound(from, to, Math.Max(1, turnsMax), cohesion, pieces);
        }

        return pieces;
    }

    private static IEnumerable<(int Start, int End)> SplitAt(int start, int end, int turnsMin, Func<int, bool> isBoundary)
    {
        for (var at = start + 1; at < end; at++)
        {
            if (at - start < turnsMin || end - at < turnsMin || !isBoundary(at))
                continue;
            yield return (start, at);
            start = at;
        }

        yield return (start, end);
    }

    private static HashSet<int> Valleys(double[] cohesion, int start, int end)
    {
        var depths = new double[end - start];
        for (var at = start + 1; at < end; at++)
            depths[at - start] = Peak(cohesion, at, -1, start) + Peak(cohesion, at, 1, end) - (2 * cohesion[at]);
        var mean = depths.Sum() / depths.Length;
        var deviation = Math.Sqrt(depths.Sum(depth => (depth - mean) * (depth - mean)) / depths.Length);
        var floor = Math.Max(DepthMin, mean + (DepthDeviations * deviation));
        return [.. Enumerable.Range(start + 1, end - start - 1).Where(at => depths[at - start] >= floor && IsDeepest(depths, at - start))];
    }

    private static bool IsDeepest(double[] depths, int at) =>
        depths[at] > depths[at - 1] && (at + 1 == depths.Length || depths[at] >= depths[at + 1]);

    private static double Peak(double[] cohesion, int at, int step, int end)
    {
        var peak = cohesion[at];
        for (var next = at + step; next != end && next > 0 && cohesion[next] >= peak; next += step)
            peak = cohesion[next];
        return peak;
    }

    /// <summary>Cuts what is too long into even pieces, each cut moved to the least cohesive gap around.</summary>
    private static void Bound(int start, int end, int turnsMax, double[] cohesion, List<Range> into)
    {
        while (end - start > turnsMax)
        {
            var pieces = (end - start + turnsMax - 1) / turnsMax;
            var even = (end - start) / pieces;
            var slack = even / 4;
            var first = Math.Max(Math.Max(start + even - slack, end - ((pieces - 1) * turnsMax)), start + 1);
            var last = Math.Max(first, Math.Min(start + Math.Min(even + slack, turnsMax), end - 1));
            var cut = first;
            for (var at = first; at <= last; at++)
            {
                if (cohesion[at] < cohesion[cut])
                    cut = at;
            }

            into.Add(start..cut);
            start = cut;
        }

        into.Add(start..end);
    }
}
