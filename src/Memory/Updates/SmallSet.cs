using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>Sets as statements keep them: in no more room than they need, and none where they are empty, as most are.</summary>
internal static class SmallSet
{
    public static IReadOnlySet<string> Of(IReadOnlySet<string> set)
    {
        if (set.Count == 0)
            return FrozenSet<string>.Empty;
        if (set is HashSet<string> made)
            made.TrimExcess();
        return set;
    }
}
