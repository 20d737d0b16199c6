using System.Collections.Frozen;
using MemoryOrleans.Text;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts;

/// <summary>
/// English words that change what a sentence says however alike two sentences look, and words that change nothing. Words
/// come as <see cref="NormalizedText"/> has them.
/// </summary>
internal static class ContrastWords
{
    /// <summary>Groups of sides that exclude each other: texts that both take sides in a group must take the same.</summary>
    private static readonly string[][] Groups =
    [
        ["like likes liked love loves loved enjoy enjoys enjoyed prefer prefers preferred adore adores favorite favourite fond",
            "dislike dislikes disliked hate hates hated avoid avoids avoided detest detests despise despises loathe loathes allergic"],
        ["to into toward towards", "from"],
        ["before until till by", "after since"],
        ["with", "without"], ["for pro", "against anti"], ["in inside", "out outside off"], ["on", "off"],
        ["up above over upstairs", "down below under downstairs"],
        ["start starts started begin begins began", "stop stops stopped quit quits finish finishes finished end ends ended"],
        ["buy buys bought purchase purchases purchased", "sell sells sold"], ["borrow borrows borrowed", "lend lends lent"],
        ["increase increases increased raise raises raised gain gains gained",
        "decrease decreases decreased lower lowers lowered lose loses lost"],
        ["win wins won", "lose loses lost"], ["pass passes passed", "fail fails failed"],
        ["accept accepts accepted approve approves approved", "reject rejects rejected decline declines declined refuse refuses refused"],
        ["open opens opened", "close closes closed closed"], ["join joins joined", "leave leaves left"],
        ["arrive arrives arrived", "leave leaves left depart departs departed"],
        ["married", "divorced", "single", "engaged", "widowed"], ["alive", "dead"], ["hire hires hired", "fire fires fired"],
        ["north northern", "south southern", "east eastern", "west western"], ["left", "right"],
        ["old older oldest elder eldest", "young younger youngest new newer newest"],
        ["big large larger largest", "small smaller smallest little"],
        ["hot warm", "cold cool"], ["more most", "less least fewer fewest"], ["first", "last final", "second", "third"],
        ["always often", "sometimes", "rarely seldom never"], ["all every everyone everybody", "some someone", "none nobody"],
        ["morning mornings", "afternoon afternoons", "evening evenings", "night nights", "noon midday"],
        ["daily", "weekly", "monthly", "yearly annual annually"],
        ["he him his himself", "she her hers herself", "i me my mine myself", "you your yours", "we us our ours"],
        ["can able could", "cannot cant couldnt unable"], ["true", "false"], ["public", "private"], ["enabled", "disabled"],
    ];

    /// <summary>Words of one frame: a text that has one is not the same as a text that has none.</summary>
    private static readonly string[] Frames =
    [
        "not no never none nobody nothing neither nor cannot without hardly barely lacks lack isnt arent wasnt werent dont doesnt didnt "
        + "hasnt havent hadnt wont wouldnt cant couldnt shouldnt aint unable anymore longer stopped quit refuses denies",
        "will shall gonna going plans plan planned planning intends intend wants want wanted hopes hope wishes wish dreams tomorrow "
        + "soon upcoming",
        "was were had did used former formerly previously previous ex once ago yesterday",
        "may might maybe perhaps possibly probably could would considering considers thinking if unless rumored allegedly supposedly seems",
        "should must needs ought",
        "only except unless",
        "every each all always",
        "almost nearly",
        "said says told tells thinks believes claims heard asked",
        "another again",
    ];

    /// <summary>People and things that stand beside somebody: "Ann's sister" is not Ann.</summary>
    public static readonly FrozenSet<string> Relations = Words(
        "sister sisters brother brothers mother mom mum father dad parents wife husband spouse partner girlfriend boyfriend fiance fiancee "
        + "son sons daughter daughters child children kid kids baby twin twins cousin cousins uncle aunt nephew niece grandmother "
        + "grandma grandfather grandpa grandparents stepmother stepfather friend friends colleague colleagues coworker coworkers boss "
        + "manager assistant neighbor neighbour roommate flatmate landlord tenant teacher student coach doctor dentist lawyer client "
        + "clients customer team company employer dog dogs cat cats pet pets deputy vice co");

    /// <summary>Words that may come or go.</summary>
    public static readonly FrozenSet<string> Light = Words(
        "really very quite actually currently just simply also too so well indeed definitely certainly truly still now nowadays today "
        + "please ok okay yes");

    /// <summary>Of the irregular forms, those that are no verb's past.</summary>
    public static readonly FrozenSet<string> IrregularNouns = Words(
        "bike children dad daddy feet geese kids lives men mice mom mommy mum people photo photos pic pics teeth wives women");

    /// <summary>Words of one meaning, by the one that stands for them.</summary>
    public static readonly FrozenDictionary<string, string> Synonyms = WordList.Alternatives("Synonyms").Split('|')
        .Select(static line => line.Split(' '))
        .SelectMany(static words => words.Select(word => (Word: word, First: words[0])))
        .ToFrozenDictionary(static pair => pair.Word, static pair => pair.First, StringComparer.Ordinal);

    /// <summary>The frame of words that deny.</summary>
    public const int Negation = 0;

    /// <summary>The frame of words by which one means to do something.</summary>
    public const int Intent = 1;

    /// <summary>The frame of words of the past.</summary>
    public const int Past = 2;

    private static readonly FrozenDictionary<string, int[]> SidesByWord = SidesOf();
    private static readonly FrozenDictionary<string, int[]> FramesByWord = FramesOf();

    /// <summary>Sides the word takes, as group × 16 + side.</summary>
    public static ReadOnlySpan<int> SidesOf(string word) => SidesByWord.GetValueOrDefault(word);

    public static ReadOnlySpan<int> FramesOf(string word) => FramesByWord.GetValueOrDefault(word);

    /// <summary>Whether the sides taken contradict each other: one group, no side in common.</summary>
    public static bool Contradict(IReadOnlySet<int> left, IReadOnlySet<int> right)
    {
        for (var group = 0; group < Groups.Length; group++)
        {
            var (first, next) = (group << 4, (group + 1) << 4);
            var isTakenLeft = left.Any(side => side >= first && side < next);
            var isTakenRight = right.Any(side => side >= first && side < next);
            if (isTakenLeft && isTakenRight && !Enumerable.Range(first, 16).All(side => left.Contains(side) == right.Contains(side)))
                return true;
        }

        return false;
    }

    private static FrozenDictionary<string, int[]> SidesOf() => Groups
        .SelectMany(static (sides, group) => sides.SelectMany((side, i) => side.Split(' ').Select(word => (word, Code: (group << 4) | i))))
        .GroupBy(static each => each.word, static each => each.Code)
        .ToFrozenDictionary(static each => each.Key, static each => each.Distinct().ToArray(), StringComparer.Ordinal);

    private static FrozenDictionary<string, int[]> FramesOf() => Frames
        .SelectMany(static (frame, i) => frame.Split(' ').Select(word => (word, i)))
        .GroupBy(static each => each.word, static each => each.i)
        .ToFrozenDictionary(static each => each.Key, static each => each.Distinct().ToArray(), StringComparer.Ordinal);

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
