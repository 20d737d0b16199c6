using System.Collections.Frozen;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Forms of English verbs after "I", and after a name in its place. Only known verbs are inflected: what is not known may be
/// of either tense, and a sentence is rather quoted than bent.
/// </summary>
internal static class VerbForms
{
    private static readonly FrozenSet<string> Present = (
        "love like hate prefer enjoy want need work live go play study use know plan run teach own drive speak make take try mean "
        + "cherish mentor volunteer collect paint write sing dance swim hike camp cook bake travel visit meet spend help support manage "
        + "lead build develop design code train practice practise exercise eat drink avoid keep stay sleep walk ride bike ski surf "
        + "garden knit draw perform coach attend miss remember dream hope wish expect intend aim look start watch listen rent share "
        + "create organize organise follow believe think feel find get give see say tell come call ask show consider appreciate adore "
        + "dislike admire respect worry struggle suffer wear carry commute earn save pay owe invest buy sell order produce film "
        + "photograph edit publish blog stream game fish hunt shop clean wash fix repair maintain host join belong care worship pray "
        + "meditate relax unwind turn rely depend focus specialize specialise major minor track measure monitor test deploy run review "
        + "report learn")
        .Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Past = (
        "was were had did went got took made saw felt thought told said met ran began came found gave knew left lost bought sold built "
        + "won wrote taught caught brought kept slept spent sent heard held stood understood sat drove rode flew grew drew threw wore "
        + "broke spoke chose ate drank sang swam fell forgot became paid led fought sought dealt meant learnt learned led lent lay rang "
        + "rose shook shot stole stuck struck tore woke hid dug fed hung bent bound bred quit hit cut set put let shut upset cast hurt cost")
        .Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Unchanged = (
        "will can could must may shall won't can't cannot couldn't wasn't weren't hadn't didn't wouldn't shouldn't used gonna").Split(' ')
        .ToFrozenSet();

    private static readonly FrozenSet<string> AmbiguousPast = "quit hit cut set put let shut upset cast hurt cost".Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Adverbs = (
        "just really also always never still already finally recently actually even totally usually often sometimes only now currently "
        + "absolutely definitely truly mostly mainly generally regularly rarely originally eventually initially previously once first "
        + "then personally especially particularly simply quickly sincerely successfully literally both all kinda sorta again almost "
        + "long ultimately").Split(' ').ToFrozenSet();

    public static bool IsAdverb(string word) => Adverbs.Contains(word);

    public static bool IsKnownPresent(string word) => Present.Contains(word) || word is "have" or "do" or "am";

    public static bool IsPast(string word) => Past.Contains(word)
        || (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal) && !Present.Contains(word)
        && word is not ("need" or "feed" or "speed" or "bleed" or "breed" or "proceed" or "succeed" or "exceed"));

    /// <summary>The third person of a form that follows "I"; null when it is not known.</summary>
    public static string? ThirdPerson(string word, bool isSurelyPast) => word switch
    {
        "am" => "is",
        "have" => "has",
        "do" => "does",
        "don't" => "doesn't",
        "haven't" => "hasn't",
        "wanna" => "wants to",
        "read" => isSurelyPast ? word : null,
        _ when AmbiguousPast.Contains(word) => isSurelyPast ? word : null,
        _ when Unchanged.Contains(word) || IsPast(word) => word,
        _ when Present.Contains(word) => AddS(word),
        _ => null,
    };

    private static string AddS(string verb)
    {
        if (verb is "go")
            return "goes";
        if (verb.EndsWith('y') && !"aeiou".Contains(verb[^2]))
            return $"{verb[..^1]}ies";
        return verb[^1] is 's' or 'x' or 'z' || verb.EndsWith("ch", StringComparison.Ordinal)
            || verb.EndsWith("sh", StringComparison.Ordinal) ? $"{verb}es" : $"{verb}s";
    }
}
