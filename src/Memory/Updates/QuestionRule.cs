namespace MemoryOrleans.Updates;

/// <summary>Whether a newer statement answers the question that an older one answers; docs/memories.md tells the rules.</summary>
internal static class QuestionRule
{
    private const int LongTokens = 22;
    private const double TieScore = 0.8;
    private const double OneMatter = 0.6;
    private static readonly PhraseList ManyValued = PhraseList.Load("many-valued");

    /// <summary>The first rule that holds, or null.</summary>
    /// <param name="scores">The newer item's score over the older one's.</param>
    /// <param name="isLong">Either was said among much else; then only a value that differs, and is told to, counts.</param>
    /// <param name="isLater">It was said in another session: what is said a few turns later goes on with the matter more often.</param>
    public static UpdateRule? Find(UpdateQuestion asked, StatementPair pair, double scores, bool isLong, bool isLater)
    {
        if (UpdateGuards.Block(pair) || IsOtherDislike(pair))
            return null;
        if (isLong || pair.Older.Length > LongTokens || pair.Newer.Length > LongTokens)
            return !asked.IsOfSpan && (IsLongUpdate(asked, pair) || IsLongValue(asked, pair, scores))
                ? new UpdateRule("q-long", 0.5) : null;
        return IsOtherValue(asked, pair) ? new UpdateRule("q-value", 0.7)
            : IsToldChanged(asked, pair) && MeetsNames(asked, pair.Newer) ? new UpdateRule("q-cue", 0.7)
            : IsInSlot(asked, pair) ? new UpdateRule("q-slot", 0.6)
            : IsNearPrototype(asked, pair) ? new UpdateRule("q-proto", 0.5)
            : IsToldEvent(asked, pair) ? new UpdateRule("q-event", 0.5)
            : IsTie(asked, pair, scores) && MeetsNames(asked, pair.Newer) ? new UpdateRule("q-tie", 0.5)
            : isLater && NameRule.Holds(asked, pair) && MeetsNames(asked, pair.Newer) ? new UpdateRule("q-name", 0.5)
            : null;
    }

    // Whom the question names, the newer one must be about in so many words.
    private static bool MeetsNames(UpdateQuestion asked, Statement newer)
    {
        for (var i = 0; i < asked.Named.Count; i++)
        {
            if (!newer.Mentions(asked.Named[i]))
                return false;
        }

        return true;
    }

    // What the question says and the older one too, the newer one says as well.
    private static bool MeetsAsMuch(UpdateQuestion asked, StatementPair pair) =>
        asked.IsTouchedBy(pair.Newer) && asked.AllOfIn(pair.Older, pair.Newer);

    // To dislike one thing updates nothing about liking another.
    private static bool IsOtherDislike(StatementPair pair) =>
        pair.Newer.Flags.Dislikes && !pair.Older.Flags.Dislikes && !pair.IsStrong && !Polarity.IsTurned(pair);

    // "What is my blood pressure?" asks for the number that the statement gives of it.
    private static bool IsOtherValue(UpdateQuestion asked, StatementPair pair)
    {
        if (asked.Types.Count > 0 ? !asked.AsksForWhatDiffers(pair) : !pair.HasOtherValue || asked.CoveredBy(pair.Older) < OneMatter)
            return false;
        return (pair.SharedWeight >= 0.4 || pair.Cosine >= 0.6) && (asked.Near(pair.Newer) >= 0.4 || asked.IsTouchedBy(pair.Newer));
    }

    private static bool IsToldChanged(UpdateQuestion asked, StatementPair pair)
    {
        if (!pair.IsStrong)
            return false;
        if (!pair.IsEnglish)
            return pair.SharedWeight >= 0.3 || asked.IsTouchedBy(pair.Newer);
        var least = pair.Older.Length <= 12 && pair.Newer.Length <= 12 ? 0.15 : 0.3;
        return pair.SharedWeight >= least && pair.Cosine >= 0.3 && asked.Near(pair.Newer) >= 0.3
            && asked.Near(pair.Older) >= 0.3;
    }

    private static bool IsInSlot(UpdateQuestion asked, StatementPair pair) => pair.Newer.Cues.Any
        && pair.SharedSlots.Any(slot => asked.Statement.Slots.Contains(slot) && TellsChange(slot, pair));

    private static bool TellsChange(string slot, StatementPair pair) =>
        !pair.IsEnglish || !SlotChanges.HasOwn(slot) || SlotChanges.IsIn(slot, pair.Newer.Wording);

    private static bool IsNearPrototype(UpdateQuestion asked, StatementPair pair)
    {
        const double near = 0.5;
        if (!pair.IsEnglish || !pair.Newer.Cues.Any || pair.Newer.Prototype is not { } now)
            return false;
        var isOne = pair.Older.Prototype is { Cosine: >= near } old && now.Cosine >= near && old.Slot == now.Slot && pair.Cosine >= 0.4;
        if (isOne && pair.IsSamePerson && pair.Shared.Any(asked.Statement.Words.ContainsKey) && TellsChange(now.Slot, pair))
            return true;
        if (asked.Statement.Prototype is not { } wanted || now.Slot != wanted.Slot)
            return false;
        return (pair.Older.Prototype?.Slot == wanted.Slot || asked.Near(pair.Older) >= 0.4) && TellsChange(wanted.Slot, pair);
    }

    // What was waited for has come: "I'm on the list for the flat", "I got the flat".
    private static bool IsToldEvent(UpdateQuestion asked, StatementPair pair) => pair.IsEnglish && pair.IsShort && pair.Newer.Cues.Event
        && pair.Older.Owner.IsSelf && pair.Newer.Owner.IsSelf && pair.SharedWeight >= 0.75 && pair.Cosine >= 0.4
        && asked.Near(pair.Newer) >= 0.5 && asked.Near(pair.Older) >= 0.4;

    private static bool IsTie(UpdateQuestion asked, StatementPair pair, double scores) => MeetsAsMuch(asked, pair) && scores >= TieScore
        && pair.Older.Flags.IsDenied == pair.Newer.Flags.IsDenied && pair.Cosine >= 0.55 && pair.SharedWeight >= 0.4
        && pair.Older.Words.Count > pair.Shared.Count && pair.Newer.Words.Count > pair.Shared.Count
        && (pair.Newer.Cues.Now || pair.IsStrong || pair.HasOtherValue || (pair.Newer.Cues.Event && !ManyValued.IsIn(pair.Newer.Wording)));

    // Among much else only a value tells: told to be new, and of what the question asks about.
    private static bool IsLongUpdate(UpdateQuestion asked, StatementPair pair)
    {
        var (older, newer) = (asked.Near(pair.Older), asked.Near(pair.Newer));
        return pair.Newer.Cues.Any && pair.SharedWeight >= 0.8 && newer >= 0.4 && older >= 0.35 && newer >= older - 0.1
            && asked.AsksForWhatDiffers(pair) && asked.CoveredBy(pair.Newer) >= Math.Max(0.5, asked.CoveredBy(pair.Older) - 0.1);
    }

    // The older one gives the value that is asked for, and the newer one, about the same in as many words or told to be new, another.
    // What the ranking puts far below is rather about something else, unless it is told to be new.
    private static bool IsLongValue(UpdateQuestion asked, StatementPair pair, double scores)
    {
        const double less = 0.22;
        const double farBelow = 0.65;
        return pair.Newer.Cues is { Changed: true } or { Now: true } or { Fix: true }
            && asked.AsksForWhatDiffers(pair) && pair.SharedWeight >= 0.8 && pair.Cosine >= 0.4
            && asked.CoveredBy(pair.Older) >= 0.5 && asked.CoveredBy(pair.Newer) >= 0.2 && asked.Near(pair.Newer) >= 0.35
            && (TellsNew(asked, pair) || scores >= farBelow && asked.CoveredBy(pair.Newer) >= asked.CoveredBy(pair.Older) - less);
    }

    // "The new deadline of 5 April", "now I have 10 cards": new is what the question asks for and the older one says.
    private static bool TellsNew(UpdateQuestion asked, StatementPair pair)
    {
        const int before = 6;
        const int after = 3;
        var newer = pair.Newer;
        var tokens = newer.Wording.Tokens;
        // Of two dates it is not clear which is the new one; numbers have their units.
        foreach (var value in newer.Values.Where(value => asked.Types.Contains(value.Type) && pair.Differs(value.Type)
            && (value.Type == ValueKind.Number || newer.Values.Count(other => other.Type == value.Type) == 1)))
        {
            for (var i = Math.Max(0, value.Token - before); i < Math.Min(tokens.Count, value.Token + after); i++)
            {
                if (tokens[i].Folded is not ("new" or "now" or "updated" or "revised" or "adjusted" or "changed" or "increased"
                    or "extended"))
                    continue;
                for (var at = i + 1; at < Math.Min(tokens.Count, value.Token + after + 1); at++)
                {
                    var stem = Content.Stem(newer.Language, tokens[at].Folded);
                    if (asked.Statement.Words.ContainsKey(stem) && pair.Older.Words.ContainsKey(stem))
                        return true;
                }
            }
        }

        return false;
    }
}
