using MemoryOrleans.Text.Words;


namespace MemoryOrleans.Text.Prose;

/// <summary>
/// How much a sentence matters, 0..1: 1 − (1 − 0.1) ∏ (1 − weight of each cue found), times the factor of each filler found.
/// So another cue never lowers it and another filler never raises it. Cues are English; other languages get the base value
/// and what numbers and names add.
/// </summary>
public static class ImportancePolicy
{
    public const double Base = 0.1;
    private const int ShortWords = 4;
    private const double ShortFactor = 0.6;
    private const double QuestionFactor = 0.35;
    private const double EntityWeight = 0.1;
    private const int EntitiesMax = 2;

    private static readonly Pattern Remember = WordList.Of("Remember");
    private static readonly Pattern Decision = WordList.Of("Decision");
    private static readonly Pattern LifeEvent = WordList.Of("LifeEvent");
    private static readonly Pattern PersonalFact = WordList.Of("PersonalFact");
    private static readonly Pattern Preference = WordList.Of("Preference");
    private static readonly Pattern Commitment = WordList.Of("Commitment");
    private static readonly Pattern Ending = WordList.Of("Ending");
    private static readonly Pattern FirstPersonEvent = Pattern.AnyCase(
        @"\b(i|we)(['’]ve| have| just| finally| also| recently| even| already| actually| once)* ("
        + WordList.Alternatives("FirstPersonEvent") + @")\b"
        + @"|\b(i['’]?m|i am|we['’]re|(i|we)['’]ve been|(i|we) have been)( \w+)? (" + WordList.Alternatives("FirstPersonDoing") + @")\b");
    private static readonly Pattern DateWords = WordList.Of("DateWords");
    private static readonly Pattern Number = WordList.Of("Number", @"[0-9]|\b(", @")\b");
    private static readonly Pattern Courtesy = WordList.Of("Courtesy", @"^\W*(", @")\b");
    private static readonly Pattern Emotion = WordList.Of("Emotion");
    private static readonly Pattern SecondPerson = WordList.Of("SecondPerson");
    private static readonly Pattern Resolve = WordList.Of("Resolve");
    private static readonly Pattern Vague = WordList.Of("Vague");

    private static readonly (Pattern Pattern, double Weight)[] Cues =
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

    private static readonly (Pattern Pattern, double Factor)[] Fillers =
    [
        (Courtesy, 0.3),
        (Emotion, 0.5),
        (SecondPerson, 0.7),
        (Vague, 0.75),
        (Resolve, 0.6),
    ];

    /// <summary>The cues, then the fillers.</summary>
    private static readonly PatternSet All =
        new([.. Cues.Select(static cue => cue.Pattern), .. Fillers.Select(static filler => filler.Pattern)]);

    /// <param name="sentence">At most a few hundred characters.</param>
    /// <param name="entities">Names in it.</param>
    public static double Of(string sentence, int entities)
    {
        var found = All.FoundIn(sentence);
        var rest = 1 - Base;
        for (var i = 0; i < Cues.Length; i++)
        {
            if ((found >> i & 1) != 0)
                rest *= 1 - Cues[i].Weight;
        }

        for (var i = 0; i < Math.Min(entities, EntitiesMax); i++)
            rest *= 1 - EntityWeight;
        var importance = 1 - rest;
        for (var i = 0; i < Fillers.Length; i++)
        {
            if ((found >> (Cues.Length + i) & 1) != 0)
                importance *= Fillers[i].Factor;
        }

        if (sentence.AsSpan().TrimEnd("\"'”’)! ") is [.., '?' or '？' or '؟'])
            importance *= QuestionFactor;
        return CountWords(sentence) < ShortWords ? importance * ShortFactor : importance;
    }

    /// <summary>Tells of an event in somebody's life: a birth, a new job, a prize.</summary>
    public static bool IsLifeEvent(string sentence) => LifeEvent.IsMatch(sentence);

    /// <summary>
    /// Of a run of sentences: the mean of the best three, so that one aside does not make it weighty nor small talk make it light.
    /// </summary>
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
}
