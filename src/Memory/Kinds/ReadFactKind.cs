using System.Collections.Frozen;
using MemoryOrleans.Facts;
using MemoryOrleans.Facts.Extraction;
using MemoryOrleans.Memories;
using MemoryOrleans.Text.Analysis;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Kinds;

/// <summary>
/// Which kind of thing a fact tells (<see cref="FactKind"/>): by what it claims, else by its words, in the languages of the word
/// files. What none of them shows is a state.
/// </summary>
internal static class ReadFactKind
{
    private static readonly PhraseList Plans = PhraseList.Load(typeof(ReadFactKind), "plans");
    private static readonly PhraseList Preferences = PhraseList.Load(typeof(ReadFactKind), "preferences");
    private static readonly PhraseList Names = PhraseList.Load(typeof(ReadFactKind), "names");
    private static readonly PhraseList Bonds = PhraseList.Load(typeof(ReadFactKind), "bonds");
    private static readonly PhraseList Happened = PhraseList.Load(typeof(ReadFactKind), "happened");
    private static readonly PhraseList Kin = PhraseList.Load("kin");

    /// <summary>Tokens among which the first verb is looked for: a time may stand before whom it is about.</summary>
    private const int VerbWithin = 14;

    private static readonly FrozenSet<string> StatesOfThePast = Words("states-of-the-past");
    private static readonly FrozenSet<string> Feelings = Words("feelings");

    /// <summary>The candidate with its kind; a plan for a day ends after that day, unless a claim says otherwise.</summary>
    public static FactCandidate Mark(FactCandidate candidate)
    {
        var kind = Of(candidate.Content, candidate.Kind, candidate.Claim);
        return candidate with { FactKind = kind, PlannedUntil = kind == FactKind.Plan ? candidate.PlannedUntil : null };
    }

    /// <param name="content">The fact's sentence, in the third person or quoted.</param>
    /// <param name="kind">The record's kind: a distiller says which of them are preferences.</param>
    public static string Of(string content, string kind, FactClaim? claim)
    {
        if (kind == FactKinds.Preference)
            return FactKind.Preference;
        if (claim is not null && OfAttribute(claim) is { } told)
            return told;
        var said = Said(content);
        var tokens = CutTokens.Of(said);
        var wording = new Wording(said, Languages.Of(said, tokens), tokens);
        if (Bonds.IsIn(wording) || (Kin.IsIn(wording) && Names.IsIn(wording)))
            return FactKind.Relation;
        var hasHappened = wording.Language == Languages.English ? HasHappened(tokens) : Happened.IsIn(wording);
        if (!hasHappened && Plans.IsIn(wording))
            return FactKind.Plan;
        if (hasHappened)
            return FactKind.Event;
        return Preferences.IsIn(wording) ? FactKind.Preference : FactKind.State;
    }

    // What is over without being named ("I quit my job") happened; what somebody holds is so.
    private static string? OfAttribute(FactClaim claim) => claim switch
    {
        { Value: ClaimRules.None } => FactKind.Event,
        { Attribute: "plan" or "goal" } => FactKind.Plan,
        { Attribute: "likes" or "dislikes" or "prefers" } => FactKind.Preference,
        { Attribute: "partner" or "pet" } => FactKind.Relation,
        { IsSingleValued: false } when ClaimRules.IsRelative(claim.Attribute) => FactKind.Relation,
        { IsSingleValued: true } => claim.Attribute.StartsWith("favourite ", StringComparison.Ordinal)
        ? FactKind.Preference : FactKind.State,
        _ => null,
    };

    // Of a quotation what was said, not who said it.
    private static string Said(string content)
    {
        var open = content.IndexOf(": \"", StringComparison.Ordinal);
        return open > 0 && content[^1] == '"' ? content[(open + 3)..^1] : content;
    }

    // "Ann finally bought …", "we have just moved …": the first verb after whoever it is about.
    private static bool HasHappened(List<SentenceToken> tokens)
    {
        for (var i = 0; i < tokens.Count && i < VerbWithin; i++)
        {
            var word = tokens[i].Folded;
            if (!tokens[i].IsWord || word is "i" or "we" || VerbForms.IsAdverb(word))
                continue;
            // "Has got a class on Tuesdays" and "has never flown" are states.
            if (word is "has" or "have" or "'ve")
                return !(i + 1 < tokens.Count && tokens[i + 1].Folded is "got" or "never") && IsDone(tokens, i + 1);
            if (VerbForms.IsKnownPresent(word) || word is "is" or "are" or "'m" or "'re" or "will")
                return false;
            if (word == "had" && i + 1 < tokens.Count && tokens[i + 1].Folded is "a" or "an" or "to")
                return true;
            if (VerbForms.IsPast(word))
                return !StatesOfThePast.Contains(word) || (word is "was" or "were" && IsDone(tokens, i + 1));
        }

        return false;
    }

    // "Has moved" and "was hired" happened; "has been living" and "was tired" did not.
    private static bool IsDone(List<SentenceToken> tokens, int at)
    {
        while (at < tokens.Count && VerbForms.IsAdverb(tokens[at].Folded))
            at++;
        return at < tokens.Count && VerbForms.IsPast(tokens[at].Folded) && !StatesOfThePast.Contains(tokens[at].Folded)
            && !Feelings.Contains(tokens[at].Folded);
    }

    private static FrozenSet<string> Words(string file) =>
        EmbeddedLines.Read(typeof(ReadFactKind), $"Words.{file}.txt").ToFrozenSet(StringComparer.Ordinal);
}
