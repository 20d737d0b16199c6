using System.Collections.Frozen;
using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Updates;

/// <summary>
/// Whether a rule's find may be kept as a link. A link is made without a question, among all that somebody ever said, where most of what
/// looks like an update is talk about the same matter: so both statements must give one attribute, told by a claim, a subject, a value of
/// one type, or several rare words beside the cue. Recall, which has a question to go by, takes the rules as they are.
/// </summary>
internal static class LinkProof
{
    private const double Rare = 0.7;
    private const double Much = 1.4;
    private const double NearCosine = 0.4;
    private static readonly Speaker Somebody = new("the user", "user", IsPerson: true);

    // What people have one of; of cars, meetings and the like they have several.
    private static readonly FrozenSet<string> OneOf =
        new[] { "home", "job", "school", "relationship", "email", "diet", "smoking" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsEnough(StatementPair pair, UpdateRule rule)
    {
        if (rule.Class == UpdateClass.Replaces || rule.Name == "polarity" || ClaimOther(pair))
            return true;
        return rule.Name switch
        {
            "frame" => IsOneSubject(pair),
            "frame+cue" => HasOtherValue(pair) || pair.Older.Owner.Leading.Count > 0 || !pair.IsEnglish,
            "names-old" => pair.IsShort && (!pair.IsEnglish || NamesOne(pair) || (pair.Cosine >= NearCosine && pair.SharedWeight >= Much)),
            "cue+words" => HasOtherValue(pair) || (IsEnded(pair) && SharesRare(pair)),
            "cue+slot" => !pair.IsEnglish && pair.SharedSlots.Any(OneOf.Contains),
            _ => false,
        };
    }

    // "I live in A" and "I moved to B": one attribute of one value at a time, and another value.
    private static bool ClaimOther(StatementPair pair) => pair.IsEnglish
        && FindClaim.In(pair.Older.Wording.Text, Somebody) is { Claim: { IsSingleValued: true } was, IsEnding: false }
        && FindClaim.In(pair.Newer.Wording.Text, Somebody) is { } now
        && Facts.FactClaims.ShareAttribute(was, now.Claim) && (now.IsEnding || Facts.FactClaims.Exclude(was, now.Claim));

    // "Pixel passed away": a name that is no common word at the beginning of a sentence.
    private static bool NamesOne(StatementPair pair) => pair.Newer.Old.Any(words => words.Any(word =>
        word.Weight >= Rare && pair.Older.Names.Contains(word.Stem) && pair.Newer.Names.Contains(word.Stem)));

    private static bool IsOneSubject(StatementPair pair)
    {
        if (HasOtherValue(pair))
            return true;
        // Where "I" is the subject, what stands before it is none: "Lately I've been …".
        var isSelf = pair.Newer.Wording.Tokens.Any(static token => token.Folded is "i" or "we");
        var isNamed = (!isSelf && pair.Older.Owner.Subject.Overlaps(pair.Newer.Owner.Subject))
            || (!isSelf && pair.Newer.Names.Count > 0 && pair.Older.Owner.Leading.Overlaps(pair.Newer.Owner.Leading)) || !pair.IsEnglish;
        return (pair.IsStrong || pair.Newer.Cues.Now) && (SharedWeight(pair) >= 0.5 || !pair.IsEnglish)
            && (isNamed || SharedWeight(pair) >= Much);
    }

    // Without what is left of short forms: "'ve".
    private static double SharedWeight(StatementPair pair) =>
        pair.Shared.Where(static word => word.Length > 2 && char.IsLetterOrDigit(word[0]))
        .Sum(word => Math.Min(pair.Older.Words[word], pair.Newer.Words[word]));

    private static bool HasOtherValue(StatementPair pair) =>
        pair.HasOtherValue && pair.SharedWeight >= 0.5 && (!pair.IsEnglish || pair.Cosine >= NearCosine);

    private static bool IsEnded(StatementPair pair) => pair.Newer.Cues.Ended || pair.Newer.Cues.Fix;

    private static bool SharesRare(StatementPair pair) =>
        pair.Shared.Count(word => Math.Min(pair.Older.Words[word], pair.Newer.Words[word]) >= Rare && !pair.Older.Names.Contains(word)) >= 2
        && (!pair.IsEnglish || pair.Cosine >= NearCosine);
}
