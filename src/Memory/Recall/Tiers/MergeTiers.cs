using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Ranking;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// One list of turns and memories, best first, in which nothing is said twice. Of two items that say the same the better
/// placed stays, so the first of all that fit always does. What does not fit the budget is passed over and says nothing.
/// Turns are never compared with turns here (<see cref="FoldRepeats"/>), memories of different times neither. Texts are compared by what
/// the index holds.
/// </summary>
/// <param name="asked">The question's terms.</param>
/// <param name="tokensMax">Estimated tokens of all contents together; below <see cref="int.MaxValue"/> candidate turns must have been
/// read.</param>
internal sealed class MergeTiers(string tenant, IReadOnlyList<WeightedTerm> asked, int tokensMax, FactTexts texts)
{
    private readonly NearDuplicatePolicy duplicates = new(new ConsolidationRules());
    private readonly List<Candidate> kept = [];
    private readonly Dictionary<(string Session, long Seq), List<Candidate>> byTurn = [];
    private readonly bool isBounded = tokensMax < int.MaxValue;
    private int tokensLeft = tokensMax;

    /// <summary>What was taken, in the order of offering.</summary>
    public IReadOnlyList<Candidate> Kept => kept;

    /// <summary>How many did not fit.</summary>
    public int OverBudget { get; private set; }

    /// <summary>Takes the candidate unless something kept says the same. Offer the better ones first.</summary>
    public void Offer(Candidate candidate)
    {
        var tokens = isBounded ? TokensOf(candidate) : 0;
        if (tokens > tokensLeft)
            OverBudget++;
        if (tokens > tokensLeft || (candidate.Memory is { } memory ? IsSaid(candidate, memory) : IsSaidByMemories(candidate)))
            return;
        kept.Add(candidate);
        tokensLeft -= tokens;
        if (candidate.Memory is null)
            foreach (var address in candidate.Addresses)
                Cite(address.SessionId, address.Seq, candidate);
        else
            foreach (var source in candidate.Memory.Sources)
                Cite(source.SessionId, source.Seq, candidate);
    }

    /// <summary>Puts what was read of candidates in their place; those that were not found go.</summary>
    /// <param name="unread">Some of those kept, in their order.</param>
    /// <param name="read">What was found of them, in their order.</param>
    public void Show(IReadOnlyList<Candidate> unread, IReadOnlyList<Candidate> read)
    {
        var (to, next, found) = (0, 0, 0);
        for (var i = 0; i < kept.Count; i++)
        {
            var each = kept[i];
            if (next < unread.Count && ReferenceEquals(each, unread[next]))
            {
                next++;
                if (found == read.Count || read[found].Address != each.Address)
                    continue;
                each = read[found++];
            }

            kept[to++] = each;
        }

        kept.RemoveRange(to, kept.Count - to);
    }

    private static int TokensOf(Candidate candidate) =>
        candidate.Memory is { } told ? MemoryDocument.ToTurn(told).Tokens : candidate.Turn!.Tokens;

    private void Cite(string session, long seq, Candidate candidate)
    {
        if (!byTurn.TryGetValue((session, seq), out var citing))
            byTurn.Add((session, seq), citing = []);
        citing.Add(candidate);
    }

    // A turn goes when a memory made of it says all it says; or, of the question's words, all it says, in no more words.
    private bool IsSaidByMemories(Candidate turn)
    {
        foreach (var each in kept)
        {
            if (each.Memory is not null && SameWords.AreSame(each, turn))
                return true;
        }

        foreach (var address in turn.Addresses)
        {
            if (byTurn.TryGetValue((address.SessionId, address.Seq), out var citing)
                && citing.Exists(memory => memory.Memory is not null && (SameWords.Covers(memory, turn) || Answers(memory, turn))))
                return true;
        }

        return false;
    }

    private bool Answers(Candidate memory, Candidate turn) => memory.Memory is { Tier: MemoryTier.Semantic }
        && memory.WordCount <= turn.WordCount && memory.Ranked.Parts.Quote >= turn.Ranked.Parts.Quote
        && asked.All(term => memory.Says(term.Hash) || !turn.Says(term.Hash));

    // A memory goes when something kept says the same, or when every turn it rests on is there itself.
    private bool IsSaid(Candidate candidate, MemoryRecord memory)
    {
        foreach (var each in kept)
        {
            if (IsSame(each, candidate, memory))
                return true;
        }

        return (memory.Sources.Count > 0 && memory.Sources.All(IsThere)) || memory.Sources.Any(source => IsCoveredAt(source, candidate));
    }

    private bool IsSame(Candidate other, Candidate candidate, MemoryRecord memory)
    {
        if (other.Memory is not { } known)
            return SameWords.AreSame(other, candidate);
        if (known.ValidTo != memory.ValidTo)
            return false;
        var claimed = known.Claim is not null && memory.Claim is not null;
        if (claimed ? !FactClaims.AreSame(known.Claim!, memory.Claim!) : !SameWords.AreAlike(other, candidate))
            return !claimed && SameWords.AreSame(other, candidate);
        return texts.Of(tenant, known) is { } left && texts.Of(tenant, memory) is { } right
            && duplicates.Compare(left, known.Claim, right, memory.Claim) == Distinction.None;
    }

    private bool IsThere(SourceTurn source)
    {
        if (!byTurn.TryGetValue((source.SessionId, source.Seq), out var citing))
            return false;
        foreach (var each in citing)
        {
            if (each.Memory is null)
                return true;
        }

        return false;
    }

    private bool IsCoveredAt(SourceTurn source, Candidate candidate)
    {
        if (!byTurn.TryGetValue((source.SessionId, source.Seq), out var citing))
            return false;
        foreach (var each in citing)
        {
            if (SameWords.Covers(each, candidate))
                return true;
        }

        return false;
    }
}
