using System.Collections.Frozen;
using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Memories;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts;

/// <summary>
/// Whether one fact tells of an event, a plan or an attribute that another tells more fully, so that both are one, in the words of the
/// fuller. Looser than <see cref="RepeatPolicy"/>: words that say how something was, or little, need not stand in the other. Stricter
/// in that both must be of one known kind and about one subject, and events of one time. Whatever one says in the place of what the
/// other says keeps them apart.
/// </summary>
internal static class SameMatterPolicy
{
    private const int OwnMin = 4;
    private const int SharedMin = 4;
    private const int LeftMax = 2;
    private const int LeftOfAttributeMax = 3;
    private const int ValueWordsMin = 2;
    private const int DateWordsMin = 2;
    private static readonly TimeSpan EventApart = TimeSpan.FromDays(14);
    private static readonly FrozenSet<ulong> Weak = StemsOf("SaysLittle").Concat(StemsOf("SaysHow")).ToFrozenSet();

    public static bool IsPart(in Telling less, in Telling full) => IsOfOneAttribute(less, full) || IsOfOneKind(less, full);

    // Of one value of one attribute, which says much by itself ("use a dry dock", not "ai"), whatever it is for.
    private static bool IsOfOneAttribute(in Telling less, in Telling full) =>
        less.Claim is { } claim && full.Claim is { } other && FactClaims.AreSame(claim, other) && !ClaimRules.NamesWho(claim)
        && StemsIn(claim.Value).Count(static stem => !Weak.Contains(stem)) >= ValueWordsMin
        && RepeatPolicy.NamesNoOther(less.Text, full.Text) && HaveOneFrame(less.Text, full.Text, less.Kind)
        && TellsMore(full.Text, less.Text) && LeftOf(OwnOf(less.Text), full.Text).Count <= LeftOfAttributeMax;

    private static bool IsOfOneKind(in Telling less, in Telling full)
    {
        if (less.Kind is null || less.Kind != full.Kind || less.Text.Subject != full.Text.Subject)
            return false;
        var (own, text) = (OwnOf(less.Text), full.Text);
        var left = LeftOf(own, text);
        return own.Count >= OwnMin && left.Count <= LeftMax && OwnOf(text) is var others && others.Count >= own.Count - left.Count
            && RepeatPolicy.NamesNoOther(less.Text, text)
            && HaveOneFrame(less.Text, text, less.Kind) && AgreeOnPast(less.Text, text)
            && MayBeOne(less.Claim, full)
            && (left.Count == 0 ? IsOfOneTime(less, full) : IsSameDay(less, full) && IsTold(own, left, others, less.Text, text))
            && RepeatPolicy.IsNear(less.Text, text);
    }

    /// <summary>Whether the first tells more; of two that tell the same the one that was there stays.</summary>
    public static bool TellsMore(FactText text, FactText other) =>
        OwnOf(text).Count + text.Numbers.Count > OwnOf(other).Count + other.Numbers.Count;

    // An event told without a day happened not long before it was told.
    private static bool IsOfOneTime(in Telling less, in Telling full) =>
        less.Kind != FactKind.Event || less.Text.Numbers.Count > 0 || (less.From - full.From).Duration() <= EventApart;

    private static bool IsSameDay(in Telling less, in Telling full) =>
        less.Kind == FactKind.Event && less.From == full.From && less.Text.Numbers.Count >= DateWordsMin;

    // Most of what happened is the same, the verb too, and nothing stands in the place of something else: a red kayak, a blue one.
    private static bool IsTold(List<ulong> own, List<ulong> left, List<ulong> others, FactText less, FactText full) =>
        own.Count - left.Count >= SharedMin
        && own.Exists(stem => less.PastStems.Contains(stem) && full.PastStems.Contains(stem))
        && !left.Exists(stem => IsReplaced(own, left, others, less, own.IndexOf(stem)));

    private static bool IsReplaced(List<ulong> own, List<ulong> left, List<ulong> others, FactText less, int at)
    {
        var (before, after) = (own.FindLastIndex(at, stem => !left.Contains(stem)), own.FindIndex(at, stem => !left.Contains(stem)));
        return (after >= 0 && IsOther(others.IndexOf(own[after]) - 1)) || (before >= 0 && IsOther(others.IndexOf(own[before]) + 1));

        bool IsOther(int place) => place >= 0 && place < others.Count && !less.Stems.Contains(others[place]);
    }

    // What is claimed in more words of an attribute that has many values: "painting", "painting old boats".
    private static bool MayBeOne(FactClaim? less, in Telling full)
    {
        if (less is null || full.Claim is not { } claim || FactClaims.AreSame(less, claim))
            return true;
        return !less.IsSingleValued && !claim.IsSingleValued && FactClaims.ShareAttribute(less, claim)
            && StemsIn(less.Value).All(full.Text.Stems.Contains);
    }

    // Within one kind the words that make it one tell nothing more: "went" and "had gone", "plans to" and "is going to".
    private static bool HaveOneFrame(FactText less, FactText full, string? kind)
    {
        var own = kind switch { FactKind.Event => ContrastWords.Past, FactKind.Plan => ContrastWords.Intent, _ => -1 };
        return less.Frames.All(frame => frame == own || full.Frames.Contains(frame))
            && full.Frames.All(frame => frame == own || less.Frames.Contains(frame));
    }

    private static bool AgreeOnPast(FactText less, FactText full) =>
        less.Stems.All(stem => !full.Stems.Contains(stem) || Weak.Contains(stem)
        || less.PastStems.Contains(stem) == full.PastStems.Contains(stem));

    private static List<ulong> LeftOf(List<ulong> own, FactText full) => own.FindAll(stem => !full.Stems.Contains(stem));

    private static List<ulong> OwnOf(FactText text) => [.. text.Order.Where(static stem => !Weak.Contains(stem))];

    private static List<ulong> StemsOf(string list) => StemsIn(WordList.Alternatives(list).Replace('|', ' '));

    private static List<ulong> StemsIn(string text)
    {
        var stems = new List<ulong>();
        new TextAnalyzer().Analyze(text, stems);
        return stems;
    }
}
