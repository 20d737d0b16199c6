using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// A recall's turns, best first, as far as they are asked for. Conditions that only the stored turn can answer are checked after
/// ranking, on ever longer lists; without such a condition no turn is read here.
/// </summary>
/// <param name="meaning">What an encoder makes of the question; awaited when the words are ranked.</param>
/// <param name="tierOf">Working or episodic.</param>
internal sealed class TurnSource(
    RecallQuery query, RankScope scope, RankQuery question, Task<MeaningAnswer> meaning, RankLane lane, ISessionStore store,
    LeftOutItems leftOut,
    Func<RankedTurn, string> tierOf)
{
    private const int Growth = 4;
    private const int RankedMin = 24;

    // Beside memories more turns are ranked than asked for, in place of those that memories say already.
    private const int TurnsPerItem = 2;

    private readonly Queue<Candidate> ready = [];
    private IReadOnlyList<RankedTurn> ranked = [];
    private const int PassedOverMax = 1_000;

    private FoldRepeats? repeats;
    private int seen;
    private int asked;

    /// <summary>What the turns' scores are relative to; known once the first has been asked for.</summary>
    public RankMaxima Maxima { get; private set; }

    private bool ReadsFirst => query.Filter?.Metadata is not null || query.MaxTokens is not null;

    /// <summary>Ranked turns that were not relevant enough.</summary>
    public int BelowScore { get; private set; }

    // Where none of so many is relevant enough, none of the worse ones is looked at.
    private bool IsAtEnd => asked > 0
        && (ranked.Count < asked || asked > scope.Turns || (BelowScore == ranked.Count && BelowScore >= PassedOverMax));

    /// <summary>The next turn, which stays the next until <see cref="Take"/>; null at the end.</summary>
    public async ValueTask<Candidate?> PeekAsync(CancellationToken cancel)
    {
        while (ready.Count == 0 && scope.Turns > 0 && !IsAtEnd)
        {
            asked = asked == 0 ? Math.Max(query.Limit * TurnsPerItem, RankedMin) : asked * Growth;
            (ranked, Maxima) = await lane.RankWithMaximaAsync(scope, question, asked, cancel, meaning);
            var fresh = new List<Candidate>(ranked.Count - seen);
            for (; seen < ranked.Count; seen++)
            {
                if (ranked[seen].Relevance < (query.MinScore ?? 0))
                    BelowScore++;
                else if (query.Tiers?.Contains(tierOf(ranked[seen]), StringComparer.Ordinal) ?? true)
                    fresh.Add(new Candidate(ranked[seen], ranked[seen].Score));
            }

            repeats ??= new FoldRepeats(ReadAsync);
            foreach (var candidate in await repeats.FoldAsync(ReadsFirst ? await ReadAsync(fresh, cancel) : fresh, cancel))
                ready.Enqueue(candidate);
        }

        return ready.TryPeek(out var next) ? next : null;
    }

    public void Take() => ready.Dequeue();

    /// <summary>The same with their stored turns, in order; without those that are no longer there, or fail the filter.</summary>
    public ValueTask<IReadOnlyList<Candidate>> ReadAsync(IReadOnlyList<Candidate> candidates, CancellationToken cancel) =>
        ReadAsync(candidates, addresses => store.ReadTurnsAsync(query.Tenant, addresses, cancel));

    /// <summary>The same, by a reader that may read more on the way.</summary>
    public async ValueTask<IReadOnlyList<Candidate>> ReadAsync(
        IReadOnlyList<Candidate> candidates, Func<IReadOnlyList<TurnAddress>, ValueTask<IReadOnlyList<Turn>>> readAsync)
    {
        if (candidates.Count == 0)
            return [];
        var addresses = new TurnAddress[candidates.Count];
        for (var i = 0; i < addresses.Length; i++)
            addresses[i] = candidates[i].Address;
        var found = await readAsync(addresses);
        var turns = new Dictionary<TurnAddress, Turn>(found.Count);
        foreach (var turn in found)
            turns.Add(new TurnAddress(turn.SessionId, turn.Seq), turn);
        var read = new List<Candidate>(candidates.Count);
        foreach (var candidate in candidates)
        {
            if (turns.TryGetValue(candidate.Address, out var turn) && !UnreadableText.Is(turn.Content)
                && (query.Filter?.Metadata is null || IsAllowed(turn)))
                read.Add(candidate with { Turn = turn });
        }

        return read;
    }

    private bool IsAllowed(Turn turn) =>
        leftOut.Read(query.Tenant, $"{turn.SessionId}:{turn.Seq}", () => MetadataFilter.Allows(query.Filter?.Metadata, turn.Metadata));
}
