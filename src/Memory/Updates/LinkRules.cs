namespace MemoryOrleans.Updates;

/// <summary>Why a newer statement is taken to update an older one.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Confidence">0..1: the share of such links found right on samples.</param>
/// <param name="Class">What links by it may do.</param>
internal readonly record struct UpdateRule(string Name, double Confidence, UpdateClass Class = UpdateClass.Lifts);

/// <summary>The rules by which one statement is linked to another without any question; docs/memories.md tells them.</summary>
internal static class LinkRules
{
    private const int TokensMax = 24;

    /// <summary>Whether a statement may update any: so that most are not even compared.</summary>
    public static bool MayUpdate(Statement newer) => newer.Length <= TokensMax && (newer.Cues.Any || newer.Values.Count > 0 || newer.Flags.Likes || newer.Flags.Dislikes || newer.Flags.IsDenied)
        && !UpdateGuards.IsNoUpdate(newer);

    /// <summary>The first rule that holds, or null.</summary>
    public static UpdateRule? Find(StatementPair pair)
    {
        if (pair.Older.Length > TokensMax || pair.Newer.Length > TokensMax || !IsState(pair) || UpdateGuards.Block(pair))
            return null;
        return Frame.Of(pair) is { } frame ? new UpdateRule(frame, 0.7)
            : NamesOld(pair) ? new UpdateRule("names-old", 0.8)
            : SharesWords(pair) ? new UpdateRule("cue+words", 0.7)
            : SharesSlot(pair) ? new UpdateRule("cue+slot", 0.6)
            : SharesPrototype(pair) ? new UpdateRule("cue+proto", 0.5)
            : IsNowInSlot(pair) ? new UpdateRule("now+slot", 0.6)
            : Polarity.IsTurned(pair) ? new UpdateRule("polarity", 0.7)
            : null;
    }

    // An event is over when it is told; a state goes on until something ends it.
    private static bool IsState(StatementPair pair)
    {
        var (older, newer) = (pair.Older, pair.Newer);
        if (older.Flags.IsPastEvent && !older.Cues.Changed && older.Values.Count == 0)
            return false;
        return !older.Flags.IsFuture || newer.Cues.Ended || older.Values.Count > 0;
    }

    public static bool NamesOld(StatementPair pair)
    {
        const double rare = 0.85;
        foreach (var words in pair.Newer.Old)
        {
            var told = words.Where(word => pair.Older.Mentions(word.Stem) && word.Stem.Length > (pair.Newer.Wording.IsUnspaced ? 1 : 2)).ToList();
            var isNamed = told.Exists(word => word.Weight >= rare || word.IsCapital || pair.Older.Names.Contains(word.Stem))
                || (told.Count == words.Count && told.Count > 1 && told.Sum(static word => word.Weight) >= 1.4)
                || (!pair.IsEnglish && told.Count > 0);
            if (isNamed && (!pair.IsEnglish || pair.Cosine >= 0.2 || (pair.IsSamePerson && pair.IsShort)) && (pair.IsSamePerson || pair.Coverage >= 0.34))
                return true;
        }

        return false;
    }

    private static bool SharesWords(StatementPair pair)
    {
        var newer = pair.Newer;
        if (!pair.IsStrong)
            return false;
        if (!pair.IsEnglish)
            return pair.Coverage >= 0.34 && pair.SharedWeight >= 0.55;
        var near = pair.Shared.Where(newer.Window.Contains).ToList();
        var weight = near.Sum(word => pair.Older.Words[word]);
        if (weight < 0.4 || pair.Cosine < 0.35)
            return false;
        var covers = weight / pair.Older.Weight >= 0.5;
        var isRare = near.Exists(word => pair.Older.Words[word] >= 0.75);
        return (pair.HasOtherValue && pair.Coverage >= 0.34)
            || (newer.Cues.Ended && covers && (isRare || near.Count > 1))
            || (newer.Cues.Fix && pair.SharedWeight / pair.Older.Weight >= 0.5 && pair.SharedWeight / newer.Weight >= 0.5)
            || (newer.Cues.Changed && covers && isRare && pair.IsShort);
    }

    private static bool SharesSlot(StatementPair pair)
    {
        if (!pair.IsSamePerson || !pair.IsShort)
            return false;
        if (!pair.IsEnglish)
            return (pair.IsStrong || pair.Newer.Cues.Event) && pair.SharedSlots.Any();
        var isNear = pair.Cosine >= 0.4 || (pair.Older.Prototype is { } old && pair.Newer.Prototype is { } now && old.Slot == now.Slot);
        return isNear && pair.SharedSlots.Any(slot => TellsChange(slot, pair)
            && (slot is not ("status" or "trip" or "meeting" or "deadline") || pair.Coverage >= 0.34));
    }

    private static bool TellsChange(string slot, StatementPair pair) => SlotChanges.HasOwn(slot) ? SlotChanges.IsIn(slot, pair.Newer.Wording) : pair.IsStrong;

    private static bool SharesPrototype(StatementPair pair)
    {
        const double near = 0.5;
        return pair.IsEnglish && pair.IsShort && pair.IsStrong && pair.Cosine >= 0.35 && pair.Older.Owner.IsSelf && pair.Newer.Owner.IsSelf
            && pair.Older.Prototype is { Cosine: >= near } old && pair.Newer.Prototype is { Cosine: >= near } now && old.Slot == now.Slot;
    }

    private static bool IsNowInSlot(StatementPair pair) => pair.Newer.Cues.Now && pair.IsShort && pair.Coverage >= 0.4 && pair.SharedSlots.Any()
        && (pair.HasOtherValue || pair.Cosine >= 0.5);
}
