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
    public static bool MayUpdate(Statement newer) => newer.Length <= TokensMax
        && (newer.Cues.Any || newer.Values.Count > 0 || newer.Flags.Likes || newer.Flags.Dislikes || newer.Flags.IsDenied)
        && !UpdateGuards.IsNoUpdate(newer);

    /// <summary>The first rule that holds, or null.</summary>
    public static UpdateRule? Find(StatementPair pair)
    {
        if (pair.Older.Length > TokensMax || pair.Newer.Length > TokensMax || !IsState(pair))
            return null;
        if (Frame.IsOtherHolder(pair) && !UpdateGuards.IsNoUpdate(pair.Newer))
            return new UpdateRule("frame+cue", 0.8);
        if (UpdateGuards.Block(pair))
            return null;
        return Frame.Of(pair) is { } frame ? OfFrame(frame, pair)
            : NamesOld(pair) ? new UpdateRule("names-old", 0.9,
            pair.IsSamePerson && pair.IsShort && pair.Newer.Cues is { Ended: true } or { Changed: true }
            ? UpdateClass.Replaces : UpdateClass.Lifts)
            : SharesWords(pair) ? new UpdateRule("cue+words", 0.7)
            : SharesSlot(pair) ? new UpdateRule("cue+slot", 0.6)
            : Polarity.IsTurned(pair) ? new UpdateRule("polarity", 0.8)
            : null;
    }

    // The same sentence, corrected.
    private static UpdateRule OfFrame(string frame, StatementPair pair) =>
        new(frame, pair.Newer.Cues.Fix ? 0.95 : 0.7, pair.Newer.Cues.Fix ? UpdateClass.Replaces : UpdateClass.Lifts);

    // An event is over when it is told; a state goes on until something ends it.
    private static bool IsState(StatementPair pair)
    {
        var (older, newer) = (pair.Older, pair.Newer);
        if (older.Flags.IsChatter || IsAboutOther(older) || (pair.IsEnglish && older.Words.Count == 0))
            return false;
        if (older.Flags.IsPastEvent && !older.Cues.Changed && older.Values.Count == 0)
            return false;
        return !older.Flags.IsFuture || newer.Cues.Ended || older.Values.Count > 0;
    }

    // "It was awesome": what it was is not said here.
    private static bool IsAboutOther(Statement older) => older.Wording.Tokens.Count > 0
        && older.Wording.Tokens[0].Folded is "it" or "that" or "this" or "they" or "these" or "those" or "he" or "she" or "there"
        or "definitely" or "absolutely" or "glad" or "sorry";

    public static bool NamesOld(StatementPair pair)
    {
        const double rare = 0.85;
        foreach (var words in pair.Newer.Old)
        {
            var told = words.Where(word => pair.Older.Mentions(word.Stem) && word.Stem.Length > (pair.Newer.Wording.IsUnspaced ? 1 : 2))
                .ToList();
            var isNamed = told.Exists(word => word.Weight >= rare || word.IsCapital || pair.Older.Names.Contains(word.Stem))
                || (told.Count == words.Count && told.Count > 1 && told.Sum(static word => word.Weight) >= 1.4)
                || (!pair.IsEnglish && told.Count > 0);
            if (isNamed && (!pair.IsEnglish || pair.Cosine >= 0.2 || (pair.IsSamePerson && pair.IsShort))
                && (pair.IsSamePerson || pair.Coverage >= 0.34))
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
            || (newer.Cues.Ended && !pair.Older.Cues.Ended && covers && (isRare || near.Count > 1))
            || (newer.Cues.Fix && pair.SharedWeight / pair.Older.Weight >= 0.5 && pair.SharedWeight / newer.Weight >= 0.5)
            || (newer.Cues.Changed && covers && isRare && pair.IsShort && pair.Older.Words.Count > 1 && pair.IsSamePerson);
    }

    private static bool SharesSlot(StatementPair pair)
    {
        if (!pair.IsSamePerson || !pair.IsShort)
            return false;
        if (!pair.IsEnglish)
            return (pair.IsStrong || pair.Newer.Cues.Event) && pair.SharedSlots.Any() && !IsToldAgain(pair, slot: null);
        var isNear = pair.Cosine >= 0.4 || (pair.Older.Prototype is { } old && pair.Newer.Prototype is { } now && old.Slot == now.Slot);
        return isNear && pair.SharedSlots.Any(slot => TellsChange(slot, pair) && !IsToldAgain(pair, slot)
            && (slot is not ("status" or "trip" or "meeting" or "deadline") || pair.Coverage >= 0.34));
    }

    // "I lost my job" twice is one loss; "I moved to A", "I moved to B" are two moves.
    private static bool IsToldAgain(StatementPair pair, string? slot) =>
        (pair.Older.IsStrong || (slot is not null && SlotChanges.IsIn(slot, pair.Older.Wording)))
        && !pair.Newer.Names.Any(name => !pair.Older.Names.Contains(name));

    private static bool TellsChange(string slot, StatementPair pair) =>
        SlotChanges.HasOwn(slot) ? SlotChanges.IsIn(slot, pair.Newer.Wording) : pair.IsStrong;
}
