using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

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
