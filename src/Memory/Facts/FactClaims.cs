using MemoryOrleans.Memories;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Facts;

/// <summary>How two claims stand to each other.</summary>
public static class FactClaims
{
    /// <summary>Whether both speak of one attribute of one subject.</summary>
    public static bool ShareAttribute(FactClaim left, FactClaim right) =>
        IsSameText(left.Subject, right.Subject) && IsSameText(left.Attribute, right.Attribute);

    /// <summary>The same subject, attribute and value; the value by its word stems, so that "a nurse" is "nurse".</summary>
    public static bool AreSame(FactClaim left, FactClaim right) => ShareAttribute(left, right) && HaveSameValue(left, right);

    /// <summary>Whether one may take the other's place: one attribute of one subject, of one value at a time, and another value.</summary>
    public static bool Exclude(FactClaim left, FactClaim right) =>
        left.IsSingleValued && right.IsSingleValued && ShareAttribute(left, right) && !HaveSameValue(left, right);

    private static bool HaveSameValue(FactClaim left, FactClaim right)
    {
        var (one, other) = (NormalizedText.Of(left.Value), NormalizedText.Of(right.Value));
        if (one == other)
            return true;
        // Signs and points are no letters of a word: "c" and "c++" have one stem.
        if (one.Any(IsTelling) || other.Any(IsTelling) || !FramesOf(one).SetEquals(FramesOf(other)))
            return false;
        var (stems, others) = (StemsOf(one), StemsOf(other));
        return stems.Count > 0 && stems.SequenceEqual(others);
    }

    private static bool IsTelling(char letter) => letter != ' ' && !char.IsLetter(letter);

    // "Not active": what denies a value is a stop word and has no stem.
    private static HashSet<int> FramesOf(string value) =>
        value.Split(' ').SelectMany(static word => ContrastWords.FramesOf(word).ToArray()).ToHashSet();

    private static List<ulong> StemsOf(string value)
    {
        var stems = new List<ulong>();
        new TextAnalyzer().Analyze(value, stems);
        return stems;
    }

    private static bool IsSameText(string left, string right) => NormalizedText.Of(left) == NormalizedText.Of(right);
}
