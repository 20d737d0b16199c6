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
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const string ClosingMarks = ".!?,;:-–—…~";
    private const int WordsMin = 4;
    private const int LengthMax = 320;

    /// <summary>The statement, without its closing mark; null when there is none.</summary>
    public static string? Of(Sentence sentence)
    {
        if (!sentence.IsWhole)
            return null;
        var text = RestoreSubject(Strip(sentence.Text));
        if (sentence.IsQuestion)
        {
            var question = QuestionTail().Match(text);
            if (!question.Success)
                return null;
            text = text[..question.Index];
        }

        text = TrimEnd(text);
        if (DoubtTail().Match(text) is { Success: true } doubt)
            text = text[..doubt.Index];
        text = TrimEnd(Shorten(text));
        return text.Length is > 0 and <= LengthMax && HasWords(text) && !Supposed().IsMatch(text) && !Listener().IsMatch(text) && !PronounSubject().IsMatch(text)
            ? text
            : null;
    }

    /// <summary>A sentence without greetings, interjections and the names called before it.</summary>
    private static string Strip(string text)
    {
        while (Opening().Match(text) is { Success: true, Length: > 0 } opening && opening.Length < text.Length)
            text = text[opening.Length..];
        return char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    /// <summary>Gives back the subject that talk leaves out: "Just got a dog", "Gonna move", "Been running", "Researching schools".</summary>
    private static string RestoreSubject(string text)
    {
        var insert = Elliptic().Match(text) switch
        {
            { Success: false } => "",
            var match when match.Groups["perfect"].Success => "I've ",
            var match when match.Groups["progressive"].Success => "I'm ",
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

    [GeneratedRegex(
        @"^\W*((yeah|yep|yup|yes|no|oh|ah|well|wow|whoa|so|and|but|actually|by the way|btw|anyway|also|plus|hey|hi|hello|thanks|thank you|thx|haha|lol|honestly|absolutely|definitely|totally|sure|ok|okay|right|aww?|fyi|guess what|cool|awesome|great|nice|sounds (good|great)|true|exactly|agreed|hmm+|ugh|yay|long time no (talk|see)|good (morning|afternoon|evening)|since (we|our) last (chatted|spoke|talked|chat)|to be honest|recently|lately|cheers|of course|speaking of which|i['’]m (kinda|kind of|a bit|really|so|feeling) (stuck|confused|lost|overwhelmed)( here)?(?=[,.] )|and i mean|i mean|a lot['’]s happened)(?=\W)(?!['’])( so much| a lot| for (that|the \w+))?(,? (?-i:\p{Lu})\p{L}+(?=[,!.]))?(\s*[,!.…:]+\s*|\s+[-–—]\s+|\s+(?=(i|we|my|our|the|last|yesterday|just|in|after|before|when|as|for|on|at)\b))|(?-i:\p{Lu})\p{L}+[,!]\s+(?=(i|we|my|our|last|yesterday)\b))+",
        Options, -1)]
    private static partial Regex Opening();

    [GeneratedRegex(
        @"(,|;|\s[-–—]|\.)\s*((and|but|so|then|also|plus|hmm)\s+)*(?<ask>remember|you know|can|could|would|will|do|does|did|is|are|should|any|what|how|which|when|where|who|why|have|has|got|wanna|want to|right|don['’]t|isn['’]t|aren['’]t|maybe)\b[^?]*\?|\s(and|but|so)\s+(can|could|would|should|how|what|do|is|are|which|where|when|i was wondering)\b[^?]*\?",
        Options, -1)]
    private static partial Regex QuestionTail();

    [GeneratedRegex(
        @"(,|;|\s[-–—])?\s+(and|but|so|however,?|though)\s+(now\s+)?(i\s*['’]?a?m|we\s*['’]?a?re)\s+(also\s+|just\s+|still\s+|kinda\s+|really\s+)*(wondering|not (really |quite |entirely )?sure|unsure|curious|having (trouble|a hard time)|struggling|confused|stuck|worried|looking for advice)\b.*$|,?\s+(and|but|so|because)\s+i (want to|wanna|need to|['’]d like to|would like to) (make sure|know|ensure|understand|see)\b.*$|,?\s+(and|but)\s+i (don['’]t|can['’]t) (know|seem|figure)\b.*$|,?\s+(what do you think|let me know|if that makes sense|you know)\b.*$|(,|;|\s[-–—])\s*((so|and|but)\s+)?(here['’]?s|(what|how|which|where|should|can|could)\s+(\p{L}+\s+){0,2}(i|you|is|are|can|should|do|does|would))\b.*$|(,|;|\s[-–—]|\s+and|\s+but)\s+(i|we)(['’]d| would) \w+.*$|,\s*(by the way|btw|honestly|though|officially|tbh|haha|lol|lmao|for sure)$|(,|;|\s[-–—]|\s+and|\s+but)\s+(it|this|that)(['’]s| is| was| has been|['’]s been)\b[^.]{0,90}$|(\s[-–—]|,)\s*((so|and)\s+)?(can['’]t wait|so much|so many|what an?|how|had (a blast|fun)|feeling|love it|super|such|check (it )?out|take a look|look at|so \p{L}+$)\b.*$",
        Options, -1)]
    private static partial Regex DoubtTail();

    [GeneratedRegex(
        @"^((?<perfect>been (?!(a|so|very|an|great|good|there|really|super)\b))|(?<progressive>gonna (?!be\b)|(still )?(going to|researching|thinking (of|about)|planning|looking (for|into|to)|working on|learning|preparing|studying|training|considering|heading|moving|trying)\s(?!.*\b(is|was|are|were|has been|\p{L}+s (me|us|my))\b))|(just|finally|recently|also) \p{L}{2,}ed\s|((just|finally|recently|also) )?(got|went|lost|signed|bought|finished|joined|adopted|visited|met|moved)\s)",
        Options, -1)]
    private static partial Regex Elliptic();

    [GeneratedRegex(@"(,|;|\s[-–—])\s+(and|but|so|which|because|since|especially|considering|as|while|where|who)\b|\s(because|especially since|considering)\s", Options, -1)]
    private static partial Regex NextClause();

    [GeneratedRegex(
        @"\b(if (i|we|it|there|they|that|only)|would|might|maybe|perhaps|probably|supposed to|could have|should|ought to|wish|imagine|suppose|hopefully|i guess|i bet|kidding|joking|pretend|hypothetical\w*|not sure|no idea)\b|\b(i|we) could\b|\b(i|we)['’]d (love|like|rather|be|say|want|go|do)\b|^(please|don['’]t|won['’]t|reminds|let me|help|show|give|explain|tell|write|create|make sure|remember to|consider|try|use|ensure|imagine|check out|take a look|look at)\b",
        Options, -1)]
    private static partial Regex Supposed();

    [GeneratedRegex(@"\b(you|your|yours|yourself|let['’]?s|y['’]?all|ya|u|ur)\b|\byou['’]", Options, -1)]
    private static partial Regex Listener();

    [GeneratedRegex(
        @"^(and |but |so |because )?((that|this|these|those)(['’]s|\s+(is|are|was|were|has|have|had|will|made|makes|make|really|just|all|one|ones|way|time|and|can|should|gave|gives|inspired|helped|helps|taught|means|reminds|shows|feels|looks|sounds|\p{L}+ (is|are|was|were|looks|sounds)))|\w+ing\b(?! (on|for|about|into|to|a|an) )|\p{L}+in['’]|almost|started|wish|makes|made|feels|felt|looks|love|loved|loving|can['’]t|hope|glad|seeing|being|having|knowing|realizing|marrying|it|they|he|she|there|what|which|who|how|why|such|here|both|one|it['’]s|that['’]s|here['’]s|there['’]s|they['’](re|ve|ll)|(s?he)['’]s|that['’]ll|it['’]ll|them|thats|its|so|not|no)\b|\b(following( \w+){0,2}( so far| below)?|like this|something like( this)?|as follows|so far)$",
        Options, -1)]
    private static partial Regex PronounSubject();
}
