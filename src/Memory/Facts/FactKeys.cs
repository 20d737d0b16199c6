using MemoryOrleans.Memories;
using MemoryOrleans.Recall.Text;

namespace MemoryOrleans.Facts;

/// <summary>
/// Numbers by which a store finds the facts that a consolidation must be shown, instead of scanning. Each speaks of one
/// owner. They are 64-bit hashes, the same in every process and version, so a store may keep and index them; equal keys only
/// suggest: <see cref="ConsolidateFacts"/> compares the texts themselves.
/// </summary>
public static class FactKeys
{
    private const char Separator = '\u001f';

    /// <summary>The same for two contents of one owner that differ in case, spaces and punctuation only.</summary>
    public static long ContentKey(MemoryOwner owner, string content) => KeyOf(owner, "content", NormalizedText.Of(content));

    public static long ContentKey(MemoryRecord memory) => ContentKey(memory.Owner, memory.Content);

    /// <summary>The same for two claims about one attribute of one subject, whatever the value.</summary>
    public static long ClaimKey(MemoryOwner owner, FactClaim claim) =>
        KeyOf(owner, "claim", NormalizedText.Of(claim.Subject) + Separator + NormalizedText.Of(claim.Attribute));

    /// <summary>Null when the memory claims nothing that could be compared.</summary>
    public static long? ClaimKey(MemoryRecord memory) => memory.Claim is { } claim ? ClaimKey(memory.Owner, claim) : null;

    private static long KeyOf(MemoryOwner owner, string form, string text) => unchecked((long)TermHash.Of(
        string.Join(Separator, form, owner.UserId, owner.AgentId, owner.AgentClass, owner.SessionId, text)));
}

/// <summary>
/// Which memories a consolidation must be shown: of the owner, those not erased whose content key or claim key is among
/// these, whatever their status; besides, for near-duplicates, the ten of the owner nearest each statement by words and
/// vectors. Showing more does no harm.
/// </summary>
public sealed record ConsolidationScope(MemoryOwner Owner, IReadOnlySet<long> ContentKeys, IReadOnlySet<long> ClaimKeys)
{
    public const int NearestPerStatement = 10;

    public static ConsolidationScope Of(MemoryOwner owner, IEnumerable<(string Content, FactClaim? Claim)> statements)
    {
        var contents = new HashSet<long>();
        var claims = new HashSet<long>();
        foreach (var (content, claim) in statements)
        {
            contents.Add(FactKeys.ContentKey(owner, content));
            if (claim is not null)
                claims.Add(FactKeys.ClaimKey(owner, claim));
        }

        return new ConsolidationScope(owner, contents, claims);
    }

    public bool Concerns(MemoryRecord memory) => memory.Owner == Owner && memory.Status != MemoryStatus.Erased
        && (ContentKeys.Contains(FactKeys.ContentKey(memory)) || (FactKeys.ClaimKey(memory) is { } key && ClaimKeys.Contains(key)));
}
