namespace MemoryOrleans.Updates;

/// <summary>
/// Talk of a few short sentences: one of them gives what is asked for, and in the newer turn one tells that it changed. Stricter than
/// the rules for single statements, since the matter of such a turn may be another: the older sentence must be the one that answers, and
/// the newer one must tell the change in a word for it.
/// </summary>
internal static class ToldRule
{
    public const string Name = "q-told";

    /// <summary>Longer sentences, and more of them, are matters of their own.</summary>
    private const int SentenceTokensMax = 22;
    private const int StatementsMax = 12;
    private const int SeveralMin = 3;
    private const int AnsweringMax = 2;
    private const double Answers = 0.4;
    private const double Alike = 0.45;
    private const double Rare = 0.85;

    /// <param name="older">What the older turn states, in its order.</param>
    /// <param name="newer">Likewise of the newer one; of one sentence each the rules for single statements are enough.</param>
    /// <param name="namesOther">The newer one does not say a name that the question and the older one say: then only what says that the
    /// older one's answer is over counts.</param>
    public static bool Holds(UpdateQuestion asked, IReadOnlyList<Statement> older, IReadOnlyList<Statement> newer, bool namesOther)
    {
        if (!asked.IsPresent || asked.IsOfSpan || asked.IsOfSeveral || older.Count > StatementsMax || newer.Count > StatementsMax
            || older.Count + newer.Count < SeveralMin)
            return false;
        if (older.Any(IsMatterOfItsOwn) || newer.Any(IsMatterOfItsOwn))
            return false;
        var answering = older.Where(static each => !each.Flags.IsQuestion)
            .OrderByDescending(each => asked.CoveredBy(each) + asked.Near(each)).Take(AnsweringMax).ToList();
        if (answering.Count == 0
            || (asked.CoveredBy(older) < Answers && (asked.Types.Count == 0 || asked.Near(answering[0]) < Alike)))
            return false;
        for (var i = 0; i < newer.Count; i++)
        {
            if (UpdateGuards.IsNoUpdate(newer[i]))
                continue;
            if (!namesOther && new StatementPair(answering[0], newer[i]) is var pair && !UpdateGuards.Block(pair)
                && TellsAnother(asked, pair))
                return true;
            var before = i > 0 ? newer[i - 1] : null;
            if (newer[i].IsStrong && answering.Exists(old => !UpdateGuards.Block(new StatementPair(old, newer[i]))
                && (IsNamed(asked, old, newer[i]) || (before is not null && IsNamed(asked, old, before)))))
                return true;
        }

        return false;
    }

    private static bool IsMatterOfItsOwn(Statement statement) => statement.Length > SentenceTokensMax;

    // A value of the type asked for, or what the question says in nearly as many words, told to be new.
    private static bool TellsAnother(UpdateQuestion asked, StatementPair pair)
    {
        const double alike = 0.6;
        const double less = 0.35;
        if (pair.Newer.Cues is not { } cues || !(cues.Changed || cues.Fix || cues.Now))
            return false;
        var covered = asked.CoveredBy(pair.Newer);
        if (asked.AsksForWhatDiffers(pair) && (pair.Cosine >= alike || covered >= Math.Max(0.3, asked.CoveredBy(pair.Older) - less)))
            return true;
        return covered >= 0.5 && covered >= asked.CoveredBy(pair.Older) - 0.5 && pair.SharedWeight >= (pair.HasOtherValue ? 0.4 : 0.7);
    }

    // "The Granbell cancelled on us": what the older one answers with, and the question does not say.
    private static bool IsNamed(UpdateQuestion asked, Statement older, Statement newer) => older.Words.Any(word =>
        !asked.Statement.Words.ContainsKey(word.Key) && newer.Words.ContainsKey(word.Key)
        && (older.Names.Contains(word.Key) || word.Value >= Rare));
}
