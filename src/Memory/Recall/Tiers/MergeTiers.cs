using MemoryOrleans.Embeddings;
using MemoryOrleans.Facts;
using MemoryOrleans.Memories;
using MemoryOrleans.Sessions;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Recall.Tiers;

/// <summary>
/// One list of turns and memories, best first, in which nothing is said twice. Of two items that say the same the better
/// placed stays, so the first of all that fit always does. What does not fit the budget is passed over and says nothing.
/// Turns are never compared with turns, memories of different times neither.
/// </summary>
internal sealed class MergeTiers
{
    private readonly WeighItem weigh;
    private readonly NearDuplicatePolicy duplicates = new(new ConsolidationRules());
    private readonly HashSet<ulong> asked;
    private readonly List<WeighedItem> kept = [];
    private readonly Dictionary<(string Session, long Seq), List<WeighedItem>> byTurn = [];

    private int tokensLeft;

    private MergeTiers(string question, int tokensMax, WeighItem weigh)
    {
        tokensLeft = tokensMax;
        this.weigh = weigh;
        asked = WeighItem.TermsOf(question);
    }

    /// <param name="turns">Best first.</param>
    /// <param name="memories">Best first.</param>
    /// <param name="tokensMax">Estimated tokens of all contents together.</param>
    public static IReadOnlyList<RecalledItem> Merge(
        string question, IReadOnlyList<RecalledItem> turns, IReadOnlyList<RecalledItem> memories, int limit, int tokensMax, WeighItem weigh) =>
        new MergeTiers(question, tokensMax, weigh).Merge(turns, memories, limit);

    private List<RecalledItem> Merge(IReadOnlyList<RecalledItem> turns, IReadOnlyList<RecalledItem> memories, int limit)
    {
        var (turn, memory) = (0, 0);
        while (kept.Count < limit && (turn < turns.Count || memory < memories.Count))
        {
            var takesTurn = memory == memories.Count || (turn < turns.Count && turns[turn].Score >= memories[memory].Score);
            Offer(takesTurn ? turns[turn++] : memories[memory++]);
        }

        return [.. kept.Select(static entry => entry.Item)];
    }

    private void Offer(RecalledItem item)
    {
        if (item.Turn.Tokens > tokensLeft || weigh.Weigh(item) is not { } entry)
            return;
        if (item.Memory is null ? IsSaidByMemories(entry) : IsSaid(entry, item.Memory))
            return;
        kept.Add(entry);
        tokensLeft -= item.Turn.Tokens;
        foreach (var source in item.Sources)
        {
            if (!byTurn.TryGetValue((source.SessionId, source.Seq), out var citing))
                byTurn.Add((source.SessionId, source.Seq), citing = []);
            citing.Add(entry);
        }
    }

    // A turn goes when a memory made of it says all it says; or, of the question's words, all it says, in fewer tokens.
    private bool IsSaidByMemories(WeighedItem turn)
    {
        if (kept.Any(each => each.Item.Memory is not null && each.Text.Form == turn.Text.Form))
            return true;
        foreach (var memory in Related(turn))
        {
            if (turn.Terms.IsSubsetOf(memory.Terms))
                return true;
            if (memory.Item.Memory is { Tier: MemoryTier.Semantic } && memory.Item.Turn.Tokens <= turn.Item.Turn.Tokens
                && turn.Terms.Where(asked.Contains).All(memory.Terms.Contains))
                return true;
        }

        return false;
    }

    // A memory goes when something kept says the same, or when every turn it rests on is there itself.
    private bool IsSaid(WeighedItem entry, MemoryRecord memory)
    {
        if (kept.Any(each => IsSame(each, entry, memory)))
            return true;
        if (memory.Sources.Count > 0 && memory.Sources.All(IsThere))
            return true;
        return Related(entry).Any(each => entry.Terms.IsSubsetOf(each.Terms));
    }

    private bool IsSame(WeighedItem other, WeighedItem entry, MemoryRecord memory)
    {
        if (other.Item.Memory is null)
            return other.Text.Form == entry.Text.Form;
        return other.Item.Memory.ValidTo == memory.ValidTo
            && duplicates.Compare(other.Text, other.Item.Memory.Claim, entry.Text, memory.Claim) == Distinction.None;
    }

    private bool IsThere(SourceTurn source) =>
        byTurn.TryGetValue((source.SessionId, source.Seq), out var citing) && citing.Any(static each => each.Item.Memory is null);

    private IEnumerable<WeighedItem> Related(WeighedItem entry) => entry.Item.Sources
        .SelectMany(source => byTurn.GetValueOrDefault((source.SessionId, source.Seq), []))
        .Distinct();
}
