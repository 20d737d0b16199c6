using MemoryOrleans.Memories;

namespace MemoryOrleans.Facts;

/// <summary>
/// Whether a fact only repeats a part of another: all that it says stands in the other, and nothing is known that would change the
/// meaning. The two then count as one, with the wording of the fuller. Stricter than likeness where it can hide something: numbers,
/// names, relatives and denials of the part must be the other's, and a value of one at a time must be the same.
/// </summary>
internal static class RepeatPolicy
{
    private const string Uses = "uses";
    private const int StemsMin = 3;
    private const double CosineMin = 0.6;

    private const int OtherStemsMax = 2;

    public static bool IsPart(FactText part, FactClaim? partClaim, FactText whole, FactClaim? wholeClaim) =>
        IsPartInWords(part, partClaim, whole, wholeClaim) || IsPartOfUse(part, partClaim, whole, wholeClaim);

    // "I'm using A 2.3 and B for my shop" says of what is used nothing that "I'm using A 2.3, B and C" does not.
    private static bool IsPartOfUse(FactText part, FactClaim? partClaim, FactText whole, FactClaim? wholeClaim) =>
        partClaim is { Attribute: Uses } && wholeClaim is { Attribute: Uses } && FactClaims.ShareAttribute(partClaim, wholeClaim)
        && part.Names.Count > 0 && part.NameSet.Count <= whole.NameSet.Count && part.NameSet.All(whole.Words.Contains)
        && part.Numbers.IsSubsetOf(whole.Numbers) && !NamesLonger(part, whole)
        && part.Relations.SetEquals(whole.Relations) && part.Frames.SetEquals(whole.Frames)
        && part.Stems.Count(stem => !whole.Stems.Contains(stem)) <= OtherStemsMax;

    private static bool IsPartInWords(FactText part, FactClaim? partClaim, FactText whole, FactClaim? wholeClaim) =>
        part.Stems.Count >= StemsMin && part.Stems.Count < whole.Stems.Count && part.Stems.IsSubsetOf(whole.Stems)
        && part.Frames.SetEquals(whole.Frames) && NamesNoOther(part, whole)
        && part.PastStems.All(whole.PastStems.Contains)
        && whole.PastStems.All(stem => !part.Stems.Contains(stem) || part.PastStems.Contains(stem))
        && MayBeOne(partClaim, wholeClaim)
        && IsNear(part, whole);

    /// <summary>Whether the part has no number, date, name or relative but the other's, and takes no other side.</summary>
    public static bool NamesNoOther(FactText part, FactText whole) =>
        part.Numbers.IsSubsetOf(whole.Numbers)
        && part.Names.All(name => whole.Words.Contains(name) || whole.Words.Contains(name + "s"))
        && !NamesLonger(part, whole)
        && part.Relations.SetEquals(whole.Relations)
        && !ContrastWords.Contradict(part.Sides, whole.Sides);

    public static bool IsNear(FactText part, FactText whole) => FactText.Cosine(part, whole) >= CosineMin;

    // "York" is no part of "New York".
    private static bool NamesLonger(FactText part, FactText whole)
    {
        var words = whole.Form.Split(' ');
        for (var i = 1; i < words.Length; i++)
        {
            if (part.NameSet.Contains(words[i]) && whole.NameSet.Contains(words[i - 1]) && !part.NameSet.Contains(words[i - 1]))
                return true;
        }

        return false;
    }

    // What is claimed decides: two values of one attribute, or two attributes, are two facts.
    private static bool MayBeOne(FactClaim? part, FactClaim? whole) => part is null || whole is null || FactClaims.AreSame(part, whole);
}
