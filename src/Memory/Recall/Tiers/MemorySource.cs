using MemoryOrleans.Recall.Ranking;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// A recall's memories, best first, as far as they are asked for: each is read only when the best it may score, given its rank and
/// kind, is more than what the answer has for its place already.
/// </summary>
/// <param name="admit">Scores memories and leaves out those the recall may not see.</param>
/// <param name="boundOf">The most that a memory's tier, salience, recency and scope multiply its score by, given its kind; null: any
/// kind's.</param>
internal sealed class MemorySource(
    RecallQuery query, RankScope scope, RankQuery question, RankLane lane,
    Func<IReadOnlyList<RankedTurn>, CancellationToken, ValueTask<IReadOnlyList<Candidate>>> admit, Func<string?, double> boundOf)
{
    private const int CandidatesPerItem = 4;
    private const int Growth = 4;
    private const int RankedMax = 6_400;
    private const int ReadAtOnce = 8;

    // Scores are rounded to 1e-6, their bounds are not.
    private const double Rounding = 1e-5;

    private readonly PriorityQueue<RankedTurn, (double Bound, int Place)> unread = new();
    private readonly SortedSet<Candidate> ready = new(Comparer<Candidate>.Create(Compare));
    private int ranked;
    private int limit;
    private double rest = double.PositiveInfinity;

    private int Wanted => query.Limit * CandidatesPerItem;

    private int Found { get; set; }

    /// <summary>Ranked memories that were not relevant enough.</summary>
    public int BelowScore { get; private set; }

    /// <summary>The best memory that is left, if it scores more than <paramref name="above"/>; it goes with <see cref="Take"/>.</summary>
    public async ValueTask<Candidate?> PeekAsync(double above, CancellationToken cancel)
    {
        while (true)
        {
            var bound = unread.TryPeek(out _, out var priority) ? Math.Max(-priority.Bound, rest) : rest;
            if (ready.Min is { } best && best.Score > bound)
                return best.Score > above ? best : null;
            if (bound <= above)
                return null;
            if (unread.Count == 0 || -priority.Bound < rest)
                await RankAsync(cancel);
            else
                await ReadAsync(cancel);
        }
    }

    public void Take() => ready.Remove(ready.Min!);

    // Until enough were found, what was not ranked yet may be as good as the last that was, whatever its kind.
    private async ValueTask RankAsync(CancellationToken cancel)
    {
        if (limit > 0 && Found >= Wanted)
        {
            rest = double.NegativeInfinity;
            return;
        }

        limit = limit == 0 ? Wanted : limit * Growth;
        var found = await lane.RankAsync(scope, question, limit, cancel);
        for (; ranked < found.Count; ranked++)
        {
            var each = found[ranked];
            if (each.Relevance < (query.MinScore ?? 0))
                BelowScore++;
            else if (IsAskedFor(each, out var kind))
                unread.Enqueue(each, (-((each.Score * boundOf(kind)) + Rounding), ranked));
        }

        rest = found.Count < limit || limit >= RankedMax ? double.NegativeInfinity : (found[^1].Score * boundOf(null)) + Rounding;
    }

    private bool IsAskedFor(RankedTurn each, out string kind)
    {
        kind = each.Partition.Speakers[each.Partition.Turns[each.Turn].Speaker].Role;
        return query.Kinds is null || query.Kinds.Contains(kind, StringComparer.Ordinal);
    }

    private async ValueTask ReadAsync(CancellationToken cancel)
    {
        var batch = new List<RankedTurn>(ReadAtOnce);
        while (batch.Count < ReadAtOnce && unread.TryDequeue(out var next, out _))
            batch.Add(next);
        foreach (var candidate in await admit(batch, cancel))
        {
            Found++;
            ready.Add(candidate);
        }
    }

    private static int Compare(Candidate left, Candidate right) => right.Score.CompareTo(left.Score) is var byScore and not 0
        ? byScore
        : string.CompareOrdinal(left.Memory!.Id, right.Memory!.Id);
}
