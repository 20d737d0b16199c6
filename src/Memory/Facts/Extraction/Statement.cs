using System.Globalization;
using System.Text.RegularExpressions;
using MemoryOrleans.Text.Prose;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// What a sentence asserts, when it asserts anything that can stand alone: greetings before it and a question after it are
/// cut off ("I'm 28 and live in Oslo, how can I…?"). Nothing is left of plain questions, of what is only supposed, wished or
/// addressed to the listener, and of sentences whose subject is a pronoun for something said before.
/// </summary>
internal static partial class Statement
{
    private const string ClosingMarks = ".!?,;:-–—…~";
    private const int WordsMin = 4;
    private const int LengthMax = 320;

    /// <summary>One opening; group <c>stop</c> is where what it opens begins, when its words had to be looked at.</summary>
    private static readonly Regex Opening = WordList.Compile(
        @"^(?<lead>\W*)((" + WordList.Alternatives("OpeningWords") + @")( so much| a lot| for (that|the \w+))?"
        + @"(,? (?-i:\p{Lu})\p{L}+[,!.][,!.…:]*\s*|\s*[,!.…:]+\s*|\s+[-–—]\s+"
        + @"|\s+(?<stop>i|we|my|our|the|last|yesterday|just|in|after|before|when|as|for|on|at)\b)"
        + @"|i['’]m (kinda|kind of|a bit|really|so|feeling) (stuck|confused|lost|overwhelmed)( here)?"
        + @"(, (?-i:\p{Lu})\p{L}+[,!.][,!.…:]*\s*|[,.] \s*)"
        + @"|(?-i:\p{Lu})\p{L}+[,!]\s+(?<stop>i|we|my|our|last|yesterday)\b)");

    private static readonly Regex QuestionTail = WordList.Compile(
        @"(,|;|\s[-–—]|\.)\s*((and|but|so|then|also|plus|hmm)\s+)*(" + WordList.Alternatives("QuestionWords") + @")\b[^?]*\?"
        + @"|\s(and|but|so)\s+(can|could|would|should|how|what|do|is|are|which|where|when|i was wondering)\b[^?]*\?");

    private static readonly Regex DoubtTail = WordList.Compile(string.Join(
        '|',
        @"(,|;|\s[-–—])?\s+(and|but|so|however,?|though)\s+(now\s+)?(i\s*['’]?a?m|we\s*['’]?a?re)\s+"
            + @"(also\s+|just\s+|still\s+|kinda\s+|really\s+)*(" + WordList.Alternatives("Doubts") + @")\b.*$",
        @",?\s+(and|but|so|because)\s+i (want to|wanna|need to|['’]d like to|would like to) (make sure|know|ensure|understand|see)\b.*$",
        @",?\s+(and|but)\s+i (don['’]t|can['’]t) (know|seem|figure)\b.*$",
        @",?\s+(what do you think|let me know|if that makes sense|you know)\b.*$",
        @"(,|;|\s[-–—])\s*((so|and|but)\s+)?"
            + @"(here['’]?s|(what|how|which|where|should|can|could)\s+(\p{L}+\s+){0,2}(i|you|is|are|can|should|do|does|would))\b.*$",
        @"(,|;|\s[-–—]|\s+and|\s+but)\s+(i|we)(['’]d| would) \w+.*$",
        @",\s*(by the way|btw|honestly|though|officially|tbh|haha|lol|lmao|for sure)$",
        @"(,|;|\s[-–—]|\s+and|\s+but)\s+(it|this|that)(['’]s| is| was| has been|['’]s been)\b[^.]{0,90}$",
        @"(\s[-–—]|,)\s*((so|and)\s+)?(" + WordList.Alternatives("Exclamations") + @")\b.*$"));

    private static readonly Regex Elliptic = WordList.Compile(
        @"^((?<perfect>been )|(?<future>gonna )|(?<progressive>(still )?(" + WordList.Alternatives("Progressives") + @")\s)"
        + @"|(just|finally|recently|also) \p{L}{2,}ed\s"
        + @"|((just|finally|recently|also) )?(got|went|lost|signed|bought|finished|joined|adopted|visited|met|moved)\s)");

    private static readonly Regex Supposed = WordList.Compile(
        @"\b(" + WordList.Alternatives("Supposed") + @")\b|\b(i|we) could\b|\b(i|we)['’]d (love|like|rather|be|say|want|go|do)\b"
        + @"|^(" + WordList.Alternatives("Requests") + @")\b");

    private static readonly Regex PronounSubject = WordList.Compile(
        @"^(and |but |so |because )?((that|this|these|those)(['’]s|\s+(" + WordList.Alternatives("AfterThat") + @"))|" + WordList.Alternatives("Pronouns") + @")\b");

    /// <summary>The statement, without its closing mark; null when there is none.</summary>
    public static string? Of(Sentence sentence)
    {
        if (!sentence.IsWhole)
            return null;
        var text = RestoreSubject(Strip(sentence.Text));
        if (sentence.IsQuestion)
        {
            var question = QuestionTail.Match(text);
            if (!question.Success)
                return null;
            text = text[..question.Index];
        }

        text = TrimEnd(text);
        if (DoubtTail.Match(text) is { Success: true } doubt)
            text = text[..doubt.Index];
        text = TrimEnd(Shorten(text));
        return text.Length is > 0 and <= LengthMax && HasWords(text) && !Supposed.IsMatch(text) && !Listener().IsMatch(text) && !IsAboutPronoun(text)
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
        return char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    /// <summary>Gives back the subject that talk leaves out: "Just got a dog", "Gonna move", "Been running", "Researching schools".</summary>
    private static string RestoreSubject(string text)
    {
        var match = Elliptic.Match(text);
        var rest = text.AsSpan(match.Length);
        var insert = match switch
        {
            { Success: false } => "",
            var begun when begun.Groups["perfect"].Success => NoPerfect().IsMatch(rest) ? "" : "I've ",
            var begun when begun.Groups["future"].Success => Be().IsMatch(rest) ? "" : "I'm ",
            var begun when begun.Groups["progressive"].Success => OtherSubject().IsMatch(rest) ? "" : "I'm ",
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
        foreach (Match clause in NextClause().Matches(text))
        {
            if (clause.Index is > 60 and <= Comfortable)
                last = clause.Index;
        }

        return last < 0 ? text : text[..last];
    }

    /// <summary>Takes off closing marks and emoji.</summary>
    private static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && (ClosingMarks.Contains(text[end - 1]) || char.GetUnicodeCategory(text[end - 1])
            is UnicodeCategory.Surrogate or UnicodeCategory.OtherSymbol or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpaceSeparator))
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
        while (Opening.Match(text, end, text.Length - end) is { Success: true } step && (end == start || step.Groups["lead"].Length == 0))
            end = step.Groups["stop"] is { Success: true } stop ? stop.Index : step.Index + step.Length;
        return end;
    }

    private static bool IsAboutPronoun(string text) =>
        PronounSubject.IsMatch(text) || DanglingEnd().IsMatch(text) || Progressive().Match(text) is { Success: true } doing && !doing.Groups["goes"].Success;

    [GeneratedRegex(@"^(a|so|very|an|great|good|there|really|super)\b", WordList.AnyCase, -1)]
    private static partial Regex NoPerfect();

    [GeneratedRegex(@"^be\b", WordList.AnyCase, -1)]
    private static partial Regex Be();

    [GeneratedRegex(@"\b(is|was|are|were|has been|\p{L}+s (me|us|my))\b", WordList.AnyCase, -1)]
    private static partial Regex OtherSubject();

    [GeneratedRegex(@"(,|;|\s[-–—])\s+(and|but|so|which|because|since|especially|considering|as|while|where|who)\b|\s(because|especially since|considering)\s", WordList.AnyCase, -1)]
    private static partial Regex NextClause();

    [GeneratedRegex(@"\b(you|your|yours|yourself|let['’]?s|y['’]?all|ya|u|ur)\b|\byou['’]", WordList.AnyCase, -1)]
    private static partial Regex Listener();

    /// <summary>"Being with them …" has no subject; "Running for office …" has itself.</summary>
    [GeneratedRegex(@"^(and |but |so |because )?\w+ing\b(?<goes> (on|for|about|into|to|a|an) )?", WordList.AnyCase, -1)]
    private static partial Regex Progressive();

    [GeneratedRegex(@"\b(following( \w+){0,2}( so far| below)?|like this|something like( this)?|as follows|so far)$", WordList.AnyCase, -1)]
    private static partial Regex DanglingEnd();
}
