namespace MemoryOrleans.Updates;

/// <summary>
/// Two answers with different names: "My dentist is Dr. Ames", some sessions later "Dr. Roth has been my dentist since May". Both say
/// what the question says, each with a name of its own, and no word need tell that anything changed.
/// </summary>
internal static class NameRule
{
    private const double Covered = 0.6;
    private const double Less = 0.15;
    private const double Alike = 0.35;
    private static readonly PhraseList ManyValued = PhraseList.Load("many-valued");

    public static bool Holds(UpdateQuestion asked, StatementPair pair)
    {
        var (older, newer) = (pair.Older, pair.Newer);
        // German writes every noun as others write names.
        if (asked.IsOfSpan || asked.IsOfSeveral || asked.IsYesOrNo || newer.Language is "de" || newer.Wording.IsUnspaced
            || older.Flags.IsDenied != newer.Flags.IsDenied || older.Flags.IsPastEvent || newer.Flags.IsPastEvent)
            return false;
        var covered = asked.CoveredBy(newer);
        if (covered < Covered || covered < asked.CoveredBy(older) - Less || (pair.IsEnglish && pair.Cosine < Alike))
            return false;
        // Who likes one thing may like another; when asked, the hour or the part of the day is the value.
        return (Names(asked, older, newer) && Names(asked, newer, older) && (newer.Cues.Now || !MayHaveSeveral(newer)))
            || (asked.Types.Contains(ValueKind.Time) && newer.DayParts.Count > 0 && !newer.DayParts.Overlaps(older.DayParts)
            && asked.Statement.DayParts.Count == 0);
    }

    // "Has been" is no "has".
    private static bool MayHaveSeveral(Statement statement) => ManyValued.Find(statement.Wording)
        .Any(match => match.End >= statement.Wording.Tokens.Count || statement.Wording.Tokens[match.End].Folded is not "been");

    // A name that neither the question nor the other one says.
    private static bool Names(UpdateQuestion asked, Statement statement, Statement other)
    {
        var tokens = statement.Wording.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] is not { IsCapital: true, IsWord: true } || Languages.IsFunctionWord(statement.Language, tokens[i].Folded)
                || FindValues.IsMonthOrWeekday(tokens[i].Folded))
                continue;
            var stem = Content.Stem(statement.Language, tokens[i].Folded);
            if ((i > 0 || statement.Owner.Leading.Contains(stem)) && !asked.Statement.Words.ContainsKey(stem) && !other.Mentions(stem))
                return true;
        }

        return false;
    }
}
