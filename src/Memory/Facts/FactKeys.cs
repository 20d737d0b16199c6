using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Text;

namespace MemoryOrleans.Facts;

/// <summary>
/// Words by which a store finds the facts that a consolidation must be shown, instead of scanning. Each speaks of one
/// owner. They are 64-bit hashes, the same in every process and version, so a store may keep and index them; equal keys only
/// suggest: <see cref="ConsolidateFacts"/> compares the texts themselves.
/// </summary>
public static class FactKeys
{
    private const char Separator = '\u001f';

    /// <summary>What a memory is found by: 18 characters each. None for what never meets a consolidation.</summary>
    public static IReadOnlyList<string> Of(MemoryRecord memory)
    {
        if (memory.Tier != MemoryTier.Semantic || memory.Status == MemoryStatus.Erased)
            return [];
        var content = ContentKey(memory.Owner, memory.Content);
        return memory.Claim is { } claim ? [content, ClaimKey(memory.Owner, claim)] : [content];
    }

    /// <summary>The same for two contents of one owner that differ in case, spaces and punctuation only.</summary>
    public static string ContentKey(MemoryOwner owner, string content) => $"t:{Hash(owner, NormalizedText.Of(content)):x16}";

    /// <summary>The same for two claims about one attribute of one subject, whatever the value.</summary>
    public static string ClaimKey(MemoryOwner owner, FactClaim claim) =>
        $"c:{Hash(owner, NormalizedText.Of(claim.Subject) + Separator + NormalizedText.Of(claim.Attribute)):x16}";

    private static ulong Hash(MemoryOwner owner, string text) =>
        TermHash.Of(string.Join(Separator, owner.UserId, owner.AgentId, owner.AgentClass, owner.SessionId, text));
}

/// <summary>
/// Which memories a consolidation must be shown: those with one of the keys, whatever their status
/// (<see cref="IMemoryStore.FindByKeysAsync"/>); besides, for near-duplicates, the ten of the owner nearest each statement by
/// words and vectors. Showing more does no harm: other owners' and irrelevant ones are ignored.
/// </summary>
public sealed record ConsolidationScope(MemoryOwner Owner, IReadOnlySet<string> Keys)
{
    public const int NearestPerStatement = 10;

    public static ConsolidationScope Of(MemoryOwner owner, IEnumerable<(string Content, FactClaim? Claim)> statements)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (content, claim) in statements)
        {
            keys.Add(FactKeys.ContentKey(owner, content));
            if (claim is not null)
                keys.Add(FactKeys.ClaimKey(owner, claim));
        }

        return new ConsolidationScope(owner, keys);
    }

    public static ConsolidationScope Of(FactStatements statements) =>
        Of(statements.Owner, statements.Candidates.Select(static candidate => (candidate.Content, candidate.Claim)));

    public bool Concerns(MemoryRecord memory) => FactKeys.Of(memory).Any(Keys.Contains);
}
