using System.Text.RegularExpressions;

namespace MemoryOrleans.Text.Prose;

/// <summary>
/// How much a sentence matters, 0..1: 1 − (1 − 0.1) ∏ (1 − weight of each cue found), times the factor of each filler found.
/// So another cue never lowers it and another filler never raises it. Cues are English; other languages get the base value
/// and what numbers and names add.
/// </summary>
public static partial class ImportancePolicy
{
    public const double Base = 0.1;
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const int ShortWords = 4;
    private const double ShortFactor = 0.6;
    private const double QuestionFactor = 0.35;
    private const double EntityWeight = 0.1;
    private const int EntitiesMax = 2;

    private static readonly (Func<Regex> Pattern, double Weight)[] Cues =
    [
        (Remember, 0.5),
        (Decision, 0.35),
        (LifeEvent, 0.35),
        (PersonalFact, 0.3),
        (Preference, 0.3),
        (Commitment, 0.25),
        (Ending, 0.25),
        (FirstPersonEvent, 0.23),
        (DateWords, 0.15),
        (Number, 0.12),
    ];

    private static readonly (Func<Regex> Pattern, double Factor)[] Fillers =
    [
        (Courtesy, 0.3),
        (Emotion, 0.5),
        (SecondPerson, 0.7),
        (Vague, 0.75),
        (Resolve, 0.6),
    ];

    /// <param name="sentence">At most a few hundred characters.</param>
    /// <param name="entities">Names in it.</param>
    public static double Of(string sentence, int entities)
    {
        var rest = 1 - Base;
        foreach (var (pattern, weight) in Cues)
        {
            if (pattern().IsMatch(sentence))
                rest *= 1 - weight;
        }

        for (var i = 0; i < Math.Min(entities, EntitiesMax); i++)
            rest *= 1 - EntityWeight;
        var importance = 1 - rest;
        foreach (var (pattern, factor) in Fillers)
        {
            if (pattern().IsMatch(sentence))
                importance *= factor;
        }

        if (sentence.AsSpan().TrimEnd("\"'”’)! ") is [.., '?' or '？' or '؟'])
            importance *= QuestionFactor;
        return CountWords(sentence) < ShortWords ? importance * ShortFactor : importance;
    }

    /// <summary>Of a run of sentences: the mean of the best three, so that one aside does not make it weighty nor small talk make it light.</summary>
    public static double OfRun(IEnumerable<double> sentences)
    {
        var best = sentences.OrderDescending().Take(3).ToArray();
        return best.Length == 0 ? Base : best.Sum() / best.Length;
    }

    /// <summary>Words as blanks separate them; an unspaced script counts two letters for one.</summary>
    private static int CountWords(string sentence)
    {
        var (words, wide, inWord) = (0, 0, false);
        foreach (var letter in sentence)
        {
            if (letter >= '\u0E00' && char.IsLetter(letter))
                wide++;
            var isWord = char.IsLetterOrDigit(letter);
            if (isWord && !inWord)
                words++;
            inWord = isWord || (inWord && letter is '\'' or '’' or '-');
        }

        return Math.Max(words, wide / 2);
    }

    [GeneratedRegex(@"\b(remember (that|to|this|my|the)|don['’]t forget|keep in mind|important to note|for the record|note that|please note|make a note)\b", Options, -1)]
    private static partial Regex Remember();

    [GeneratedRegex(@"\b(decided|decision|agreed|chose|chosen|settled on|opted|finali[sz]ed|concluded|confirmed|made up my mind|switched|switching)\b", Options, -1)]
    private static partial Regex Decision();

    [GeneratedRegex(
        @"\b(born|birthday|married|wedding|engaged|engagement|divorced?|broke up|breakup|pregnant|baby|died|passed away|funeral|graduat\w+|hired|fired|laid off|promoted|promotion|retired|moved (to|in|out|into|from|back)|diagnosed|surgery|hospital|accident|injured|broke (my|his|her|an?)|adopt(ed|ing|ion)|won|award|published|launched|opened|accepted (to|into|for)|signed up|joined|enrolled|started)\b",
        Options, -1)]
    private static partial Regex LifeEvent();

    [GeneratedRegex(
        @"\b(my (name|wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|sister|brother|mother|father|mom|mum|dad|son|daughter|kids?|child|children|grand\w+|aunt|uncle|cousin|niece|nephew|best friend|boss|manager|colleague|teacher|mentor|dog|cat|pup|puppy|kitty|kitten|pets?|job|career|degree|school|team|house|home|apartment|car|company|business|project|budget|deadline|address|hometown|home country|goal|dream|background)|allerg\w+|vegan|vegetarian|i live|i work|i['’]?m (from|a|an)|years old|i speak|i study|i own|i have|i['’]ve got|we['’]ve got|we use|i use|i['’]?m using)\b",
        Options, -1)]
    private static partial Regex PersonalFact();

    [GeneratedRegex(
        @"\b(i (really |absolutely |just |also |still |always |usually )*(love|like|enjoy|hate|prefer|dislike|adore|can['’]t stand)|i['’]?m (really |so |such |quite )*(into|fond of|keen on|a (big |huge )?fan of|passionate about|obsessed with)|we (really |all |also |always )*(love|like|enjoy|prefer)|my (all[- ]time )?(fav\w*|preference)|favou?rite|prefer(s|red)?)\b",
        Options, -1)]
    private static partial Regex Preference();

    [GeneratedRegex(
        @"\b(i will|i['’]ll|we['’]ll|we will|going to|gonna|plan(ning|s)? (to|on)|promise\w*|deadline|due (on|by|date)?|appointment|schedul\w+|booked|signed up|committed|aim(ing)? to|i want to|i wanna|my (goal|plan|aim|dream)|hoping to|looking (into|for)|thinking (of|about)|considering|working on|researching)\b",
        Options, -1)]
    private static partial Regex Commitment();

    [GeneratedRegex(@"\b(no longer|not anymore|any ?more|quit|stopped|cancell?ed|called off|gave up|sold|ended|never|used to|lost|failed|rejected|dropped out)\b", Options, -1)]
    private static partial Regex Ending();

    [GeneratedRegex(
        @"\b(i|we)(['’]ve| have| just| finally| also| recently| even| already| actually| once)* (went|got|took|made|bought|met|saw|ran|read|wrote|built|found|started|visited|tried|painted|finished|completed|attended|learned|learnt|taught|gave|had|created|played|watched|applied|received|earned|travel\w+|spent|volunteered|helped|organi[sz]ed|hosted|celebrated|set up|implemented|deployed|been|gone|done|seen|taken)\b|\b(i['’]?m|i am|we['’]re|(i|we)['’]ve been|(i|we) have been)( \w+)? (writing|teaching|studying|training|building|learning|starting|opening|organi[sz]ing|preparing|moving|creating|developing|designing|running|volunteering|painting|renovating|saving|recording|mentoring|coaching|growing|restoring)\b",
        Options, -1)]
    private static partial Regex FirstPersonEvent();

    [GeneratedRegex(
        @"\b(yesterday|tomorrow|tonight|ago|(last|next|this) (week|weekend|month|year|night|spring|summer|autumn|fall|winter|mon|tues|wed|thurs|fri|sat|sun)\w*|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|june|july|august|september|october|november|december|since (19|20)[0-9]{2}|in (19|20)[0-9]{2})\b",
        Options, -1)]
    private static partial Regex DateWords();

    [GeneratedRegex(@"[0-9]|\b(two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b", Options, -1)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"^\W*((hey|hi|hello|bye|goodbye|thanks|thank you|congrats|congratulations|good (morning|evening|night|luck)|take care|see you|talk (to you )?soon|sounds (good|great|awesome|like)|great|awesome|wow|cool|nice|no (problem|worries)|you['’]?re welcome|ok|okay|sure|absolutely|definitely|exactly|totally|yes|yeah|yep|haha|lol|can['’]t wait|keep (it )?up|keep going|good to|glad|have (fun|a)|let me know|of course|certainly)\b)",
        Options, -1)]
    private static partial Regex Courtesy();

    [GeneratedRegex(
        @"\b(i (really |totally |completely |100% |just |also )*(agree|appreciate|hope|guess|wish|bet|mean|hear|see|think so|felt|feel|believe|understand|get (it|that))|i['’]?m (so |really |super |very |truly |just )*(glad|happy|proud|grateful|thankful|sorry|sure|excited|thrilled|stoked|pumped|lucky|blessed|here for)|means? a lot|means? so much|made me (feel|realize|think|appreciate))\b",
        Options, -1)]
    private static partial Regex Emotion();

    [GeneratedRegex(@"\b(you|your|yours|you['’](re|ve|ll|d)|yourself|let['’]s|y['’]all)\b", Options, -1)]
    private static partial Regex SecondPerson();

    [GeneratedRegex(@"\b(keep (on )?(going|pushing|plugging|chasing|believing|working hard|moving|trying)|(give|giving|gave) up|quit on|(my|our) best|no matter what|stay (positive|optimistic|focused|upbeat|strong)|make a difference|never quit|get (me|us) down|chas(e|ing) (my|our|those) dreams?)\b", Options, -1)]
    private static partial Regex Resolve();

    [GeneratedRegex(@"\b(stuff|things?|something|it all|everything|and all that|whatever|kind of thing|want to make sure|wanna make sure|love (how|that|the|all|this|these|those)|couple of (issues|things)|some tips)\b", Options, -1)]
    private static partial Regex Vague();
}
