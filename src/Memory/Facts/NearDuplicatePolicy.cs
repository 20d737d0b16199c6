using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>What keeps two sentences from being one fact.</summary>
public enum Distinction
{
    /// <summary>Nothing: they say the same.</summary>
    None,

    /// <summary>They claim different things.</summary>
    Claims,

    /// <summary>Too few words in common.</summary>
    Words,

    /// <summary>Their vectors point apart.</summary>
    Meaning,

    /// <summary>Different numbers, months or days.</summary>
    Numbers,

    /// <summary>Different names, or the same in another order.</summary>
    Names,

    /// <summary>One is about somebody's sister, dog or team, the other not.</summary>
    Relations,

    /// <summary>One denies, doubts, plans, reports or remembers what the other states.</summary>
    Frame,

    /// <summary>Opposite sides: likes and dislikes, to and from, his and her.</summary>
    Sides,

    /// <summary>Each says something in place of what the other says.</summary>
    Substitution,
}

/// <summary>
/// Whether two facts of one owner are one. A false merge hides a fact, a missed one only repeats it, so all must hold: the
/// same normalised text; or cosine and word overlap above their thresholds, and nothing in either sentence that is known to
/// change its meaning. Word vectors put opposites and siblings (green and black, Monday and Tuesday) close together, hence
/// the guards; they know English, and for other languages only the same words in any order pass.
/// </summary>
public sealed class NearDuplicatePolicy(ConsolidationRules rules)
{
    /// <summary>What keeps the two apart; <see cref="Distinction.None"/> when they are near-duplicates.</summary>
    public Distinction Compare(FactText left, FactText right)
    {
        if (left.Form == right.Form)
            return Distinction.None;
        if (!left.Numbers.SetEquals(right.Numbers))
            return Distinction.Numbers;
        if (!HaveSameNames(left, right))
            return Distinction.Names;
        if (!left.Relations.SetEquals(right.Relations))
            return Distinction.Relations;
        if (!left.Frames.SetEquals(right.Frames) || left.PastStems.Any(stem => IsNotPast(stem, right))
            || right.PastStems.Any(stem => IsNotPast(stem, left)))
            return Distinction.Frame;
        if (ContrastWords.Contradict(left.Sides, right.Sides))
            return Distinction.Sides;
        if (!left.Stems.IsSubsetOf(right.Stems) && !right.Stems.IsSubsetOf(left.Stems))
            return Distinction.Substitution;
        return CompareLikeness(left, right);
    }

    /// <summary>The same, after what the facts claim: equal claims and different ones decide before words do.</summary>
    public Distinction Compare(FactText left, FactClaim? leftClaim, FactText right, FactClaim? rightClaim)
    {
        if (leftClaim is null || rightClaim is null)
            return Compare(left, right);
        if (!FactClaims.AreSame(leftClaim, rightClaim))
            return Distinction.Claims;
        if (left.Frames.Contains(ContrastWords.Negation) != right.Frames.Contains(ContrastWords.Negation))
            return Distinction.Frame;
        // "My cousin Silje lives next door" and "my cousin Silje lent me a kayak" name one cousin, and tell two things.
        if (ClaimRules.NamesWho(leftClaim) && !left.Stems.IsSubsetOf(right.Stems) && !right.Stems.IsSubsetOf(left.Stems))
            return Distinction.Substitution;
        // "The stack is A, B and C" and "… A, D and C" begin with the same value, and are not the same.
        if (NamesMore(left, right) && NamesMore(right, left))
            return Distinction.Names;
        return !leftClaim.IsSingleValued && !left.Numbers.SetEquals(right.Numbers) ? Distinction.Numbers : Distinction.None;
    }

    private Distinction CompareLikeness(FactText left, FactText right)
    {
        var common = left.Stems.Count(right.Stems.Contains);
        var all = left.Stems.Count + right.Stems.Count - common;
        if (all == 0 || common < rules.DuplicateOverlap * all)
            return Distinction.Words;
        return FactText.Cosine(left, right) is { } cosine
            ? cosine >= rules.DuplicateCosine ? Distinction.None : Distinction.Meaning
            : common == all ? Distinction.None : Distinction.Meaning;
    }

    private static bool IsNotPast(ulong stem, FactText other) => other.Stems.Contains(stem) && !other.PastStems.Contains(stem);

    // A name of one must be a word of the other, in whatever case; and names that both have, in the same order: who hired
    // whom is told by nothing else.
    private static bool HaveSameNames(FactText left, FactText right)
    {
        if (!left.Names.All(name => Mentions(right, name)) || !right.Names.All(name => Mentions(left, name)))
            return false;
        var common = left.Names.Intersect(right.Names, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        return left.Names.Where(common.Contains).Distinct(StringComparer.Ordinal)
            .SequenceEqual(right.Names.Where(common.Contains).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static bool NamesMore(FactText left, FactText right) => left.Names.Any(name => !Mentions(right, name));

    private static bool Mentions(FactText text, string name) =>
        text.Words.Contains(name) || text.Words.Contains(name + "s") || text.NameSet.Contains(name);
}
