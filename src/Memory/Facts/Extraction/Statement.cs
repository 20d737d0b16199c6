using System.Globalization;
using MemoryOrleans.Text.Prose;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// What a sentence asserts, when it asserts anything that can stand alone: greetings before it and a question after it are
/// cut off ("I'm 28 and live in Oslo, how can I…?"). Nothing is left of plain questions, of what is only supposed, wished or
/// addressed to the listener, and of sentences whose subject is a pronoun for something said before.
/// </summary>
internal static class Statement
{
    private const string ClosingMarks = ".!?,;:-–—…~";
    private const int WordsMin = 4;
    private const int LengthMax = 320;

    /// <summary>One opening; group <c>stop</c> is where what it opens begins, when its words had to be looked at.</summary>
    private static readonly Pattern Opening = Pattern.AnyCase(
        @"^(?<lead>\W*)((" + WordList.Alternatives("OpeningWords") + @")( so much| a lot| for (that|the \w+))?"
        + @"(,? (?-i:\p{Lu})\p{L}+[,!.][,!.…:]*\s*|\s*[,!.…:]+\s*|\s+[-–—]\s+"
        + @"|\s+(?<stop>i|we|my|our|the|last|yesterday|just|in|after|before|when|as|for|on|at)\b)"
        + @"|i['’]m (kinda|kind of|a bit|really|so|feeling) (stuck|confused|lost|overwhelmed)( here)?"
        + @"(, (?-i:\p{Lu})\p{L}+[,!.][,!.…:]*\s*|[,.] \s*)"
        + @"|(?-i:\p{Lu})\p{L}+[,!]\s+(?<stop>i|we|my|our|last|yesterday)\b)");

    private static readonly Pattern QuestionTail = Pattern.AnyCase(
        @"(,|;|\s[-–—]|\.)\s*((and|but|so|then|also|plus|hmm)\s+)*(" + WordList.Alternatives("QuestionWords") + @")\b[^?]*\?"
        + @"|\s(and|but|so)\s+(can|could|would|should|how|what|do|is|are|which|where|when|i was wondering)\b[^?]*\?");

    private static readonly Pattern DoubtTail = Pattern.AnyCase(string.Join(
        '|',
        @"(,|;|\s[-–—])?\s+(and|but|so|however,?|though)\s+(now\s+)?(i\s*['’]?a?m|we\s*['’]?a?re)\s+"
            + @"(also\s+|just\s+|still\s+|kinda\s+|really\s+)*(" + WordList.Alternatives("Doubts") + @")\b.*$",
        @",?\s+(and|but|so|because)\s+i (want to|wanna|need to|['’]d like to|would like to) (make sure|know|ensure|understand|see)\b.*$",
        @",?\s+(and|but)\s+i (don['’]t|can['’]t) (know|seem|figure)\b.*$",
        @",?\s+(what do you think|let me know|if that makes sense|you know)\b.*$",
        @"(,|;|\s[-–—])\s*((so|and|but)\s+)?"
            + @"(here['’]?s|(what|how|which|where|should|can|could)\s+(\p{L}+\s+){0,2}(i|you|is|are|can|should|do|does|would))\b.*$",
        @"(,|;|\s[-–—]|\s+and|\s+but)\s+(i|we)(['’]d| would) \w+.*$",
        @"(,|;|\s[-–—])?\s+(and |so )?(i|we) can['’]t wait\b.*$",
        @",\s*(will|would|does|is) (this|that|it) \w+ .*$",
        @",?\s+(like|as) (i|we)(['’]ve)? (just |already )?(mentioned|said|told|did before|discussed)\b.*$",
        @",\s*(by the way|btw|honestly|though|officially|tbh|haha|lol|lmao|for sure)$",
        @"(,|;|\s[-–—]|\s+and|\s+but)\s+(it|this|that)(['’]s| is| was| has been|['’]s been)\b[^.]{0,90}$",
        @"(,|;|\s[-–—]|\s+and|\s+but)\s+((and|but|so)\s+)?(it (brings|makes|gives|feels|helps|felt|made|turned)|"
        + @"(this|that|these|those) \w+ (is|are|was|were))\b[^.]{0,90}$",
        @"(\s[-–—]|,)\s*((so|and)\s+)?(" + WordList.Alternatives("Exclamations") + @")\b.*$"));

    private static readonly Pattern Elliptic = Pattern.AnyCase(
        @"^((?<perfect>been )|(?<future>gonna )|(?<progressive>(still )?(" + WordList.Alternatives("Progressives") + @")\s)"
        + @"|(just|finally|recently|also) \p{L}{2,}ed\s"
        + @"|((just|finally|recently|also) )?(got|went|lost|signed|bought|finished|joined|adopted|visited|met|moved)\s)");

    private static readonly Pattern Supposed = Pattern.AnyCase(
        @"\b(" + WordList.Alternatives("Supposed") + @")\b|\b(i|we) could\b|\b(i|we)['’]d (love|like|rather|be|say|want|go|do)\b"
        + @"|^(" + WordList.Alternatives("Requests") + @")\b");

    private static readonly Pattern PronounSubject = Pattern.AnyCase(
        @"^(and |but |so |because )?((that|this|these|those)(['’]s|\s+(" + WordList.Alternatives("AfterThat") + @"))|"
        + WordList.Alternatives("Pronouns") + @")\b");

    /// <summary>The statement, without its closing mark; null when there is none.</summary>
    public static string? Of(Sentence sentence)
    {
        if (!sentence.IsWhole)
            return null;
        var text = RestoreSubject(Strip(sentence.Text));
        if (sentence.IsQuestion)
        {
            var question = QuestionTail.Find(text);
            if (!question.IsFound)
                return null;
            text = text[..question.Start];
        }

        text = TrimEnd(text);
        if (DoubtTail.Find(text) is { IsFound: true } doubt)
            text = text[..doubt.Start];
        text = TrimEnd(Shorten(text));
        return text.Length is > 0 and <= LengthMax && HasWords(text) && !Supposed.IsMatch(text) && !Listener.IsMatch(text)
            && !IsAboutPronoun(text)
            ? text
            : null;
    }

    /// <summary>A sentence without greetings, interjections and the names called before it.</summary>
    private static string Strip(string text)
    {
        var start = 0;
        for (var end = EndOfOpenings(text, 0); end > start && end < text.Length; end = EndOfOpenings(text, start))
            start = end;
        text = text[start..];
        if (ToldOfTime.Find(text) is { IsFound: true } time)
            text = $"{time["when"].Value}, {text[time["stop"].Start..]}";
        return char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    /// <summary>
    /// Gives back the subject that talk leaves out: "Just got a dog", "Gonna move", "Been running", "Researching schools".
    /// </summary>
    private static string RestoreSubject(string text)
    {
        var match = Elliptic.Find(text);
        var rest = text.AsSpan(match.Length);
        var insert = match switch
        {
            { IsFound: false } => "",
            var begun when begun["perfect"].IsFound => NoPerfect.IsMatch(rest) ? "" : "I've ",
            var begun when begun["future"].IsFound => Be.IsMatch(rest) ? "" : "I'm ",
            var begun when begun["progressive"].IsFound => OtherSubject.IsMatch(rest) ? "" : "I'm ",
            _ => "I ",
        };
        return insert.Length == 0 ? text : $"{insert}{char.ToLowerInvariant(text[0])}{text[1..]}";
    }

    /// <summary>Cuts a long sentence before a clause that goes on, so that a fact is not a paragraph.</summary>
    private static string Shorten(string text)
    {
        const int Comfortable = 200;
        if (text.Length <= Comfortable)
            return text;
        var last = -1;
        foreach (var clause in NextClause.All(text))
        {
            if (clause.Start is > 60 and <= Comfortable)
                last = clause.Start;
        }

        return last < 0 ? text : text[..last];
    }

    /// <summary>Takes off closing marks and emoji.</summary>
    private static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && (ClosingMarks.Contains(text[end - 1]) || char.GetUnicodeCategory(text[end - 1])
            is UnicodeCategory.Surrogate or UnicodeCategory.OtherSymbol or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpaceSeparator))
            end--;
        return text[..end];
    }

    private static bool HasWords(string text)
    {
        var words = 1;
        foreach (var letter in text)
            words += letter == ' ' ? 1 : 0;
        return words >= WordsMin;
    }

    /// <summary>Where a run of openings ends: each follows the other at once. The start itself when there is none.</summary>
    private static int EndOfOpenings(string text, int start)
    {
        var end = start;
        while (Opening.FindInRest(text, end) is { IsFound: true } step && (end == start || step["lead"].Length == 0))
            end = step["stop"] is { IsFound: true } stop ? stop.Start : step.End;
        return end;
    }

    private static bool IsAboutPronoun(string text) =>
        PronounSubject.IsMatch(text) || DanglingEnd.IsMatch(text) || Progressive.Find(text) is { IsFound: true } doing
        && !doing["goes"].IsFound;

    /// <summary>"Last week was wild, I moved": what the time was like says nothing, when it was does.</summary>
    private static readonly Pattern ToldOfTime = Pattern.AnyCase(
        @"^(?<when>(last|this|this past) (week|weekend|month|year|night|summer|winter)|yesterday|today) "
        + @"(was|has been)( [\p{L}’']+){1,4}\s*([,;:!–—-]|\.\.\.)+\s*(?<stop>i|we|my)\b");

    private static readonly Pattern NoPerfect = Pattern.AnyCase(@"^(a|so|very|an|great|good|there|really|super|quite)\b");

    private static readonly Pattern Be = Pattern.AnyCase(@"^be\b");

    private static readonly Pattern OtherSubject = Pattern.AnyCase(@"\b(is|was|are|were|has been|\p{L}+s (me|us|my))\b");

    private static readonly Pattern NextClause = Pattern.AnyCase(
        @"(,|;|\s[-–—])\s+(and|but|so|which|because|since|especially|considering|as|while|where|who)\b"
        + @"|\s(because|especially since|considering)\s");

    private static readonly Pattern Listener = Pattern.AnyCase(@"\b(you|your|yours|yourself|let['’]?s|y['’]?all|ya|u|ur)\b|\byou['’]");

    /// <summary>"Being with them …" has no subject; "Running for office …" has itself.</summary>
    private static readonly Pattern Progressive = Pattern.AnyCase(
        @"^(and |but |so |because )?\w+ing\b(?<goes> (on|for|about|into|to|a|an) )?");

    private static readonly Pattern DanglingEnd = Pattern.AnyCase(
        @"\b(following( \w+){0,2}( so far| below)?|like this|something like( this)?|as follows|so far)$");
}
