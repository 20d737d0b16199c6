using System.Globalization;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memories;

/// <summary>
/// Words by which a store finds the facts that a consolidation must be shown, instead of scanning. Each speaks of one
/// owner. They are 64-bit hashes, the same in every process and version, so a store may keep and index them; equal keys only
/// suggest: whoever consolidates compares the texts themselves.
/// </summary>
public static class FactKeys
{
    /// <summary>The kind of a record that links a turn to one that it updates, and what made it.</summary>
    public const string UpdateKind = "update";
    public const string UpdateOrigin = "updates-v1";

    private const char Separator = '\u001f';

    /// <summary>What a memory is found by: 18 characters each. None for what never meets a consolidation.</summary>
    public static IReadOnlyList<string> Of(MemoryRecord memory)
    {
        if (memory.Origin == UpdateOrigin && memory.Status != MemoryStatus.Erased)
            return [.. memory.Sources.Select(static source => UpdateKey(source.SessionId, source.Seq)).Distinct(StringComparer.Ordinal)];
        if (memory.Status == MemoryStatus.Erased)
            return [];
        var names = memory.Aliases.Select(alias => AliasKey(memory.Owner, alias));
        if (memory.Tier != MemoryTier.Semantic)
            return [.. names];
        var content = ContentKey(memory.Owner, memory.Content);
        return memory.Claim is { } claim ? [content, ClaimKey(memory.Owner, claim), .. names] : [content, .. names];
    }

    /// <summary>The same for two aliases of one owner's memories that differ in case, spaces and punctuation only.</summary>
    public static string AliasKey(MemoryOwner owner, string alias) => $"a:{Hash(owner, NormalizedText.Of(alias)):x16}";

    /// <summary>The same for two contents of one owner that differ in case, spaces and punctuation only.</summary>
    public static string ContentKey(MemoryOwner owner, string content) => $"t:{Hash(owner, NormalizedText.Of(content)):x16}";

    /// <summary>The same for two claims about one attribute of one subject, whatever the value.</summary>
    public static string ClaimKey(MemoryOwner owner, FactClaim claim) =>
        $"c:{Hash(owner, NormalizedText.Of(claim.Subject) + Separator + NormalizedText.Of(claim.Attribute)):x16}";

    /// <summary>By which the links of a turn are found.</summary>
    public static string UpdateKey(string sessionId, long seq) =>
        $"u:{TermHash.Of(sessionId + Separator + seq.ToString(CultureInfo.InvariantCulture)):x16}";

    private static ulong Hash(MemoryOwner owner, string text) =>
        TermHash.Of(string.Join(Separator, owner.UserId, owner.AgentId, owner.AgentClass, owner.SessionId, text));
}
