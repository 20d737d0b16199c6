using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>What must not be taken for an update, whatever else speaks for it.</summary>
internal static class UpdateGuards
{
    private const int AsideTokensMax = 14;
    private const int SupposedBeforeCue = 8;
    private static readonly FrozenSet<string> IfOpeners =
        new[] { "if", "wish", "would", "wenn", "falls", "si", "se" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when the newer of the pair does not replace the older.</summary>
    public static bool Block(StatementPair pair) =>
        IsNoUpdate(pair.Newer) || IsNoState(pair.Older) || OwnersDiffer(pair.Older, pair.Newer) || SubjectsDiffer(pair.Older, pair.Newer)
        || DayPartsDiffer(pair);

    /// <summary>True when a statement, by itself, updates nothing.</summary>
    public static bool IsNoUpdate(Statement newer)
    {
        var flags = newer.Flags;
        if (flags.IsPast || flags.IsReported || flags.IsNotDone || flags.IsChatter || flags.IsSecondPerson || flags.IsQuestion)
            return true;
        if (flags.SupposedAt >= 0 && (newer.Length <= AsideTokensMax || newer.Wording.IsUnspaced || flags.SupposedAt <= SupposedBeforeCue))
            return true;
        return flags.IsAddition && !(newer.Cues.Ended || newer.Cues.Fix || newer.Old.Count > 0
            || (newer.Cues.Now && newer.Values.Count > 0));
    }

    private static bool IsNoState(Statement older) => older.Flags.IsQuestion || older.Flags.IsReported || older.Flags.IsPast
        || (older.Wording.Tokens.Count > 0 && IfOpeners.Contains(older.Wording.Tokens[0].Folded));

    private static bool OwnersDiffer(Statement older, Statement newer)
    {
        var (mine, theirs) = (older.Owner, newer.Owner);
        if (IsNamed(mine, theirs, newer) || IsNamed(theirs, mine, older))
            return false;
        if (theirs.Kin != mine.Kin
            && !((theirs.Kin.Length == 0 || older.Mentions(theirs.Kin)) && (mine.Kin.Length == 0 || newer.Mentions(mine.Kin))))
            return true;
        if (theirs.Possessors.Count > 0 && !theirs.IsSelf && !older.MentionsAny(theirs.Possessors))
            return true;
        if (theirs.Possessors.Count > 0 && mine.IsSelf && mine.Possessors.Count == 0 && !older.MentionsAny(theirs.Possessors)
            && theirs.Kin.Length == 0 && !theirs.IsSelf)
            return true;
        if (mine.IsSelf && !theirs.IsSelf && theirs.Possessors.Count > 0)
            return true;
        if (mine.IsSelf && !theirs.IsSelf && theirs.IsOthers)
            return true;
        if (mine.IsSelf && !theirs.IsSelf && newer.Flags.IsAtPlace)
            return true;
        return mine.IsSelf && !theirs.IsSelf && theirs.Leading.Count > 0 && !older.MentionsAny(theirs.Leading)
            && !theirs.Leading.Overlaps(older.Names);
    }

    // "My daughter Ella wears …", "Ella's feet …": whom the name tells.
    private static bool IsNamed(StatementOwner kin, StatementOwner other, Statement others) =>
        kin.KinName.Length > 0 && other.Kin.Length == 0 && others.Mentions(kin.KinName)
        && other.Possessors.Count == (other.Possessors.Contains(kin.KinName) ? 1 : 0);

    private static bool SubjectsDiffer(Statement older, Statement newer)
    {
        var (first, second) = (older.Owner.Leading, newer.Owner.Leading);
        if (first.Count > 0 && second.Count > 0 && !first.Overlaps(second) && !older.MentionsAny(second) && !newer.MentionsAny(first))
            return true;
        var (left, right) = (older.Owner.Subject, newer.Owner.Subject);
        if (left.Count == 0 || right.Count == 0)
            return false;
        if (left.Overlaps(right))
        {
            // "The test server" is another than "the server", unless a change is told.
            return !older.MentionsAll(right) && (!newer.Cues.Any || !newer.MentionsAll(left));
        }

        return !newer.MentionsAny(left) && !older.MentionsAny(right);
    }

    private static bool DayPartsDiffer(StatementPair pair) => !pair.Newer.Cues.Changed
        && pair.Older.DayParts.Count > 0 && pair.Newer.DayParts.Count > 0 && !pair.Older.DayParts.Overlaps(pair.Newer.DayParts);
}
