using System.Collections.Frozen;

namespace MemoryOrleans.Updates;

/// <summary>How a sentence is meant: asked, supposed, past, told by others, and so on.</summary>
internal static class ReadFlags
{
    private static readonly PhraseList Supposed = PhraseList.Load("supposed");
    private static readonly PhraseList Past = PhraseList.Load("past");
    private static readonly PhraseList Added = PhraseList.Load("added");
    private static readonly PhraseList Reported = PhraseList.Load("reported");
    private static readonly PhraseList NotDone = PhraseList.Load("not-done");
    private static readonly PhraseList Chatter = PhraseList.Load("chatter");
    private static readonly PhraseList Likes = PhraseList.Load("likes");
    private static readonly PhraseList Dislikes = PhraseList.Load("dislikes");
    private static readonly PhraseList Denied = PhraseList.Load("denied");
    private static readonly FrozenSet<string> You =
        Set("you your yours du dich dir dein deine ihnen ihr tu te toi ton ta vous votre tuyo usted voce voces");
    private static readonly FrozenSet<string> Instructions = Set("please call answer use write respond reply speak address remember");
    private static readonly FrozenSet<string> StateVerbs =
        Set("lived worked was were had owned used liked loved played studied weighed needed wanted knew");

    public static StatementFlags Of(Wording wording)
    {
        var tokens = wording.Tokens;
        return new StatementFlags(
            IsQuestion: wording.Text.TrimEnd().EndsWith('?') || wording.Text.Contains('？', StringComparison.Ordinal)
            || wording.Text.EndsWith("吗", StringComparison.Ordinal),
            SupposedAt: Supposed.FindFirst(wording)?.Start ?? -1,
            IsPast: Past.IsIn(wording),
            IsAddition: IsAddition(wording),
            IsReported: Reported.IsIn(wording) || IsQuoted(wording.Text),
            IsNotDone: NotDone.IsIn(wording),
            IsChatter: wording.Language == Languages.English && Chatter.IsIn(wording),
            IsSecondPerson: tokens.Any(static token => You.Contains(token.Folded))
            && !tokens.Any(static token => Instructions.Contains(token.Folded)),
            IsFuture: tokens.Any(static token => token.Folded is "will" or "'ll" or "gonna"),
            IsPastEvent: IsPastEvent(tokens),
            Likes: Likes.IsIn(wording) && !Dislikes.IsIn(wording),
            Dislikes: Dislikes.IsIn(wording),
            IsDenied: Denied.IsIn(wording),
            IsAtPlace: tokens.Count > 2 && tokens[0].Folded is "at" or "in" && tokens[1].Folded is "the" && tokens.Count > 3);
    }

    // "Also" at the very beginning adds to the talk, not to what is stated.
    private static bool IsAddition(Wording wording) => Added.Find(wording).Any(match => wording.IsUnspaced || match.Start > 0);

    private static bool IsQuoted(string text)
    {
        var open = text.IndexOfAny(['"', '“', '„', '«', '「']);
        return open >= 0 && text.IndexOfAny(['"', '”', '“', '»', '」'], open + 1) > open + 12;
    }

    private static bool IsPastEvent(IReadOnlyList<SentenceToken> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Folded is not ("i" or "we"))
                continue;
            var verb = tokens[i + 1].Folded;
            if (!StateVerbs.Contains(verb)
                && (verb.Length > 4 && verb.EndsWith("ed", StringComparison.Ordinal)
                || verb is "went" or "saw" or "met" or "made" or "took" or "ate" or "got" or "bought" or "found" or "stayed" or "came"
                or "ran" or "did"))
                return true;
        }

        return false;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
