namespace MemoryOrleans.Updates;

/// <summary>Whose a sentence is: of the speaker, of somebody of theirs, of a named one, of a thing.</summary>
internal static class ReadOwner
{
    private const int SubjectTokensMax = 8;
    private static readonly PhraseList Self = PhraseList.Load("self");
    private static readonly Dictionary<string, HashSet<string>> Kin = WordFile.ReadWords("kin");
    private static readonly HashSet<string> Verbs = WordFile.ReadWords("verbs")[Languages.English];
    private static readonly HashSet<string> Mine =
        [.. "my our mein meine meinen meinem meiner unser unsere mon ma mes notre nos mi mis nuestro nuestra meu minha meus minhas".Split(
        ' ')];
    private static readonly HashSet<string> Openers =
        [.. "since after when as because at in on from while once during for by although though if well so and but then correction also".Split(' ')];
    private static readonly HashSet<string> NoPossessors =
        [.. "it that he she what who there here let where how this everything everyone one today tomorrow yesterday week month year when".Split(' ')];

    public static StatementOwner Of(Wording wording, Content content)
    {
        var isSelf = Self.IsIn(wording);
        if (wording.IsUnspaced)
        {
            // Whoever names no one speaks of themselves.
            var kin = UnspacedKin(wording);
            return new StatementOwner(kin, "", isSelf || kin.Length == 0, WordSet.Empty, WordSet.Empty, WordSet.Empty, IsOthers: false);
        }

        var tokens = wording.Tokens;
        var (ofKin, kinName) = KinOf(wording);
        return new StatementOwner(
            ofKin, kinName, isSelf || DropsPronoun(wording), WordSet.Of(Possessors(wording)), WordSet.Of(Leading(wording)),
            wording.Language == Languages.English ? Subject(wording, content) : WordSet.Empty,
            tokens.Any(static token => token.Folded is "his" or "her" or "their" or "theirs" or "hers" or "sein" or "seine" or "ihr"
            or "ihre"));
    }

    private static (string Kin, string Name) KinOf(Wording wording)
    {
        var tokens = wording.Tokens;
        var words = Kin.GetValueOrDefault(wording.Language, []);
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var starts = i == 0 || (i == 1
                && (!tokens[0].IsWord || tokens[0].Folded is "and" or "but" or "so" or "also" or "now" or "a" or "o" or "os" or "as"));
            var isMine = Mine.Contains(tokens[i].Folded);
            var isOf = isMine && i > 0 && tokens[i - 1].Folded is "of" or "for" or "von" or "fur" or "de" or "da" or "do";
            var isGenitive = wording.Language == "de" && tokens[i].Folded is "meiner" or "meines" or "unserer" or "unseres" && i > 0;
            if (!(isMine && (starts || isOf)) && !isGenitive)
                continue;
            for (var at = i + 1; at < Math.Min(i + 3, tokens.Count); at++)
            {
                if (words.Contains(tokens[at].Folded) && !IsJoinedToSelf(tokens, at + 1) && !IsRole(tokens, at, starts))
                    return (Content.Stem(wording.Language, tokens[at].Folded), NameAfter(wording, at));
            }
        }

        // "Mum's", "Grandpa": what only one's own are called.
        return wording.Language == Languages.English && tokens.Count > 0
            && tokens[0].Folded is "mum" or "mom" or "dad" or "grandpa" or "grandma"
            ? (Content.Stem(wording.Language, tokens[0].Folded), "") : ("", "");
    }

    // "My daughter Ella": who is called so in other sentences is the daughter.
    private static string NameAfter(Wording wording, int kin) => kin + 1 < wording.Tokens.Count
        && wording.Tokens[kin + 1] is { IsCapital: true, IsWord: true, HasDigit: false } name && !FindValues.IsMonthOrWeekday(name.Folded)
        ? Content.Stem(wording.Language, name.Folded) : "";

    private static bool IsJoinedToSelf(IReadOnlyList<SentenceToken> tokens, int at)
    {
        while (at < tokens.Count && tokens[at].IsCapital)
            at++;
        return at + 1 < tokens.Count && tokens[at].Folded is "and" or "und" or "et" or "y" or "e"
            && tokens[at + 1].Folded is "i" or "ich" or "moi" or "yo" or "eu";
    }

    // "My boss is Carla" is about who the boss is, which is the speaker's own.
    private static bool IsRole(IReadOnlyList<SentenceToken> tokens, int at, bool starts) => starts
        && at + 1 < tokens.Count && tokens[at + 1].Folded is "is" or "'s" or "ist" or "est" or "es" or "e"
        && at + 2 < tokens.Count && (tokens[at + 2].IsCapital || tokens[at + 2].Folded is "now" or "called");

    private static HashSet<string> Possessors(Wording wording)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var tokens = wording.Tokens;
        if (wording.Language != Languages.English)
        {
            AddNamedAfter(wording, found);
            return found;
        }

        for (var i = 1; i < tokens.Count; i++)
        {
            var isMark = tokens[i].Folded == "'s" || (tokens[i].Folded == "'" && tokens[i - 1].Folded.EndsWith('s'));
            if (!isMark || NoPossessors.Contains(tokens[i - 1].Folded) || i + 1 >= tokens.Count
                || tokens[i + 1].Folded is "a" or "an" or "the" or "my" or "not" or "now" or "been" or "going" or "in" or "at" or "on"
                or "n't")
                continue;
            found.Add(Content.Stem(wording.Language, tokens[i - 1].Folded));
        }

        return found;
    }

    // "Le loyer de Paul", "die Miete von Paul": whose the thing is that a sentence begins with.
    private static void AddNamedAfter(Wording wording, HashSet<string> found)
    {
        const int last = 4;
        var tokens = wording.Tokens;
        for (var i = 1; i < Math.Min(tokens.Count - 1, last); i++)
        {
            if (tokens[i].Folded is "de" or "d'" or "von" or "do" or "da" && tokens[i + 1] is { IsCapital: true, HasDigit: false }
                && !FindValues.IsMonthOrWeekday(tokens[i + 1].Folded))
                found.Add(Content.Stem(wording.Language, tokens[i + 1].Folded));
        }
    }

    private static HashSet<string> Leading(Wording wording)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var tokens = wording.Tokens;
        for (var i = 0; i < tokens.Count && i < 4; i++)
        {
            var token = tokens[i];
            if (i > 0 && token.Folded is "and" or "und" or "et" or "y" or "e" && found.Count > 0)
                continue;
            if (!token.IsCapital || !token.IsWord || Languages.IsFunctionWord(wording.Language, token.Folded) || token.HasDigit)
                break;
            if (i == 0 && !IsName(wording, token))
                break;
            found.Add(Content.Stem(wording.Language, token.Folded));
        }

        return found;
    }

    // The first word of a sentence is a name where what follows is what names are followed by.
    private static bool IsName(Wording wording, SentenceToken token)
    {
        var tokens = wording.Tokens;
        if (Openers.Contains(token.Folded) || Verbs.Contains(token.Folded) || FindValues.IsMonthOrWeekday(token.Folded) || tokens.Count < 2)
            return false;
        if (token.Folded.EndsWith("ly", StringComparison.Ordinal) || token.Folded.EndsWith("ing", StringComparison.Ordinal)
            || wording.Language == "de")
            return false;
        var next = tokens[1].Folded;
        return tokens[1].IsCapital || Verbs.Contains(next) || next is "and" or "no" || next.EndsWith("ed", StringComparison.Ordinal);
    }

    private static WordSet Subject(Wording wording, Content content)
    {
        var tokens = wording.Tokens;
        var from = 0;
        if (tokens.Count > 0 && Openers.Contains(tokens[0].Folded))
        {
            var mark = -1;
            for (var i = 1; i < tokens.Count && mark < 0; i++)
                mark = tokens[i].Folded is "," or ":" ? i : -1;
            if (mark < 0)
                return WordSet.Empty;
            from = mark + 1;
        }

        for (var i = from; i < Math.Min(tokens.Count, from + SubjectTokensMax); i++)
        {
            var word = tokens[i].Folded;
            if (word is "i" or "we" or "they" or "he" or "she" or "it" or "you" or "there" or "that" or "this" or "who")
                return WordSet.Empty;
            if (i > from && !IsBeforeNoun(tokens[i - 1].Folded)
                && (Verbs.Contains(word) || (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal))))
                return WordSet.Of(content.OfTokens(wording, from, i).Keys);
        }

        return WordSet.Empty;
    }

    // "My work email", "the budget for travel".
    private static bool IsBeforeNoun(string word) =>
        word is "my" or "our" or "your" or "his" or "her" or "their" or "its" or "the" or "a" or "an" or "for" or "of";

    private static string UnspacedKin(Wording wording)
    {
        foreach (var word in Kin.GetValueOrDefault(wording.Language, []))
        {
            var at = wording.Text.IndexOf(word, StringComparison.Ordinal);
            if (at is >= 0 and <= 3 && (wording.Language == Languages.Chinese
                || (at + word.Length < wording.Text.Length && wording.Text[at + word.Length] is 'は' or 'が' or 'も' or 'の')))
                return word;
        }

        return "";
    }

    // "Moro em Braga": Spanish and Portuguese tell the first person by the verb.
    private static bool DropsPronoun(Wording wording) => wording.Language is "es" or "pt" && wording.Tokens.Count > 1
        && wording.Tokens[0].Raw is var first
        && (first.EndsWith('o') || first.EndsWith('é') || first.EndsWith('í') || first.EndsWith("ei", StringComparison.Ordinal)
        || first.EndsWith("mos", StringComparison.Ordinal))
        && !Languages.IsFunctionWord(wording.Language, wording.Tokens[0].Folded);
}
