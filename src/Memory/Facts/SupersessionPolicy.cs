using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>An end set to a fact by another that took its place.</summary>
public readonly record struct FactEnd(DateTimeOffset At, string By);

/// <summary>
/// How the facts about one attribute of one value at a time follow one another in the world. What was stated for a later time
/// takes the place of what was stated for an earlier one, in whatever order the two became known; so an older statement that
/// arrives late becomes history and retires nothing that is newer.
/// <list type="bullet">
/// <item>Only claims exclude each other, and only different values of one single-valued attribute of one subject
/// (<see cref="FactClaims.Exclude"/>).</item>
/// <item>A fact whose end was stated ("worked there until 2019") retires no other: it speaks of a time that is over.</item>
/// <item>Pinned facts are not retired.</item>
/// </list>
/// </summary>
public static class SupersessionPolicy
{
    /// <summary>The latest time for which the fact was stated.</summary>
    public static DateTimeOffset LastStated(MemoryRecord fact) => fact.ConfirmedAt ?? fact.ValidFrom;

    /// <summary>The end that another fact sets to this one; null when it sets none.</summary>
    /// <param name="isNewer">The other became known later, which decides between statements for one moment.</param>
    public static FactEnd? EndBy(MemoryRecord fact, MemoryRecord other, bool isNewer)
    {
        if (fact.IsPinned || other.Id == fact.Id || !IsUntilFurtherNotice(other) || !Exclude(fact, other))
            return null;
        var (stated, otherStated) = (LastStated(fact), LastStated(other));
        if (otherStated < stated || (otherStated == stated && !isNewer))
            return null;
        // This one was stated while the other held, and the other was stated again later: that is when this one ended.
        var at = stated <= other.ValidFrom ? other.ValidFrom : otherStated;
        return fact.ValidTo is { } end && end <= at ? null : new FactEnd(at, other.Id);
    }

    /// <summary>The earliest end that any of the others sets to the fact; null when none does.</summary>
    /// <param name="others">Promoted facts known before this one.</param>
    public static FactEnd? EndAmong(MemoryRecord fact, IEnumerable<MemoryRecord> others)
    {
        FactEnd? first = null;
        foreach (var other in others)
        {
            if (EndBy(fact, other, isNewer: false) is { } end
                && (first is not { } earlier || end.At < earlier.At
                || (end.At == earlier.At && string.CompareOrdinal(end.By, earlier.By) < 0)))
                first = end;
        }

        return first;
    }

    /// <summary>Whether one may retire the other by what they claim and whose they are.</summary>
    public static bool Exclude(MemoryRecord left, MemoryRecord right) =>
        left.Owner == right.Owner && left.Claim is { } one && right.Claim is { } other && FactClaims.Exclude(one, other);

    /// <summary>True of a fact that had no end of its own, whatever end another has set to it since.</summary>
    public static bool IsUntilFurtherNotice(MemoryRecord fact) => fact.ValidTo is null || fact.SupersededBy is not null;
}
