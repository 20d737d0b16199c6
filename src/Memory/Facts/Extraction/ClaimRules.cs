using System.Collections.Frozen;
using System.Numerics;
using MemoryOrleans.Memories;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Patterns of claims in what somebody says of themselves; the first that fits decides, endings before the rest. Attributes:
/// home, hometown, employer, job, name, age, birthday, partner, a relative's word (sister, mentor), pet, allergy, diet,
/// health, studies, language, learning, owns, goal, plan, decision, uses, version of X, deadline, budget and the like, likes,
/// dislikes, prefers, favourite X.
/// </summary>
internal static class ClaimRules
{
    private const string Name =
        @"(?<value>(?-i:\p{Lu})[\p{L}\p{M}\p{N}.&'’-]*((,? | of | the | & )(?-i:\p{Lu})[\p{L}\p{M}\p{N}.&'’-]*){0,4})";

    private const string Person = @"(?<value>(?-i:\p{Lu})[\p{L}\p{M}'-]+( (?-i:\p{Lu})[\p{L}\p{M}'-]+)?)";

    /// <summary>
    /// The value of what is over without being named ("I quit my job"): it takes the place of whichever value was held.
    /// </summary>
    public const string None = "none";

    private static readonly string I =
        @"\b(i|we)(['’](ve|m|re|ll)| have| am| are)?( (" + WordList.Alternatives("Adverbs") + "))*";

    private static readonly string Am =
        @"\b(i['’]?m|i am|we['’]re|we are)( (" + WordList.Alternatives("AdverbsOfState") + "))*";

    private static readonly string PartnerWord = WordList.Alternatives("Partners");
    private static readonly string Animal = WordList.Alternatives("Animals");
    private static readonly string Relative = WordList.Alternatives("Relatives");
    private static readonly string JobEnding = WordList.Alternatives("JobEndings");
    private static readonly string Illness = WordList.Alternatives("Illnesses");
    private static readonly string Language = WordList.Alternatives("Languages");
    private static readonly string ProjectWord = WordList.Alternatives("ProjectWords");
    private static readonly string ProjectNumber = WordList.Alternatives("ProjectNumbers");

    private static readonly string PhraseEnd =
        @"(\s+(" + WordList.Alternatives("PhraseEnds") + @")\b|\s+[-–—]|[.,;:!?()""“”–—]|\s*$)";

    /// <summary>A few words up to the end of their phrase.</summary>
    private static readonly string Phrase = @"(?<value>[\p{L}\p{N}][^.,;:!?()""“”–—]{0,58}?)" + PhraseEnd;

    private static readonly Pattern NoLongerLives = Pattern.AnyCase(
        @"\bi( no longer live in| don['’]t live in| moved out of| moved away from)( the)? " + Name);

    private static readonly Pattern NoLongerWorks = Pattern.AnyCase(
        @"\bi( no longer work (at|for)| don['’]t work (at|for)| quit my job at| left my job at| resigned from"
        + @"| left my position at) " + Name);

    private static readonly Pattern LeftJob = Pattern.AnyCase(
        @"(?<unlike>\b(since|after|before|when|because|['’]cause|until|if) )?\bi(['’]ve)?( just| recently| finally)?"
        + @" (quit|left|lost|resigned from) my (old )?(job|position|work)\b|\bi (was|got|have been)( just)? (fired"
        + @"|laid off|let go)\b");

    private static readonly Pattern NoLongerUses = Pattern.AnyCase(
        @"\b(i|we)( no longer use| don['’]t use| stopped using| dropped| moved away from| switched (away )?from) " + Phrase);

    private static readonly Pattern NoLongerLikes = Pattern.AnyCase(
        @"\bi( no longer (like|love|enjoy)|(?<unless> don['’]t (like|enjoy|love))| stopped (liking|enjoying)) " + Phrase);

    private static readonly Pattern Sold = Pattern.AnyCase(
        @"\b(i|we)( just| recently| finally)? sold (my|our|the) " + Phrase);

    private static readonly Pattern Separated = Pattern.AnyCase(
        @"\b(we|i|my (" + PartnerWord
        + @") and i)( just| recently| finally)? (broke up|split up|separated|(got|are|am) divorced|divorced)\b");

    private static readonly Pattern PetDied = Pattern.AnyCase(
        @"\b(my|our) ((?i:" + Animal + @") )?" + Person + @"( just| sadly)? (died|passed away)\b");

    private static readonly Pattern Lives = Pattern.AnyCase(
        @"(" + I + @" (live|reside) in|" + Am + @" (living|based|residing|settled) in|" + I
        + @" (moved|relocated)( back)? (from [\p{L} ]{2,30} )?to|\bi live in)( the)? " + Name);

    private static readonly Pattern ComesFrom = Pattern.AnyCase(
        @"(" + Am + @"( originally)? from|\bi (come|grew up|was born)( originally)? (from|in)|\bmy (hometown|home ?country) is"
        + @"|\bmy home ?country,) " + Name);

    private static readonly Pattern IsCalled = Pattern.AnyCase(
        @"\b(my name is|my name['’]s|call me) " + Person + @"|\bi['’]m " + Person
        + @", (an?|and|from|the)\b|\bi am (?<value>(?-i:\p{Lu})[\p{L}'-]+), (an?|and|from|the)\b");

    private static readonly Pattern IsAged = Pattern.AnyCase(
        @"(" + Am + @"|\bi (just )?turned) (?<value>[1-9][0-9])( years old|[.,;]| and\b|$)");

    private static readonly Pattern HasBirthday = Pattern.AnyCase(
        @"\bmy birthday is (on )?(?<value>[\p{L}\p{N} ]{3,20})");

    private static readonly Pattern WorksAt = Pattern.AnyCase(
        @"(" + I + @" (work|started (working|a (new )?job)|got (a|the) (new )?job|accepted (a|the) (job|offer|position))|" + Am
        + @" (working|employed|starting)) (at|for|with|from)( the)? " + Name);

    private static readonly Pattern WorksAs = Pattern.AnyCase(
        @"(" + Am + @"|" + I + @" work as|" + Am
        + @" working as|\bmy job is|\bi (became|got promoted to|was promoted to))( an?| the) "
        + @"(?<value>([\p{L}/-]+ ){0,3}(?<job>[\p{L}-]*(" + JobEnding + @")))"
        + @"([.,;!]|\s+(at|in|for|with|from|and|who|on|specializing|working|by|now)\b|$)");

    private static readonly Pattern HasPartner = Pattern.AnyCase(
        @"(\bmy (" + PartnerWord + @")(['’]s name is| is called| is named| is|,)?|" + I
        + @" (dating|married to|engaged to|married|been dating)|" + Am + @" (dating|married to|engaged to)) " + Person);

    private static readonly Pattern HasRelative = Pattern.AnyCase(
        @"\bmy (\p{L}+ )?(?<thing>" + Relative + @")(['’]s name is| is called| is named|,)? " + Person);

    private static readonly Pattern HasNamedPet = Pattern.AnyCase(
        @"\b(my|our) (\p{L}+ )?(" + Animal + @")(['’]s name is| is called| is named|,)? " + Person);

    private static readonly Pattern HasPet = Pattern.AnyCase(
        @"\b((i|we) (just |recently |finally |also )*(have|got|adopted|own|bought)|(i|we)['’]ve (just |recently )*(got"
        + @"|adopted)) (an?|two|three|four|another|my|our)( \p{L}+){0,2} (?<value>" + Animal + @")\b");

    private static readonly Pattern IsAllergic = Pattern.AnyCase(
        @"\ballergic to (?<value>[\p{L} ]{2,30}?)( allergy| allergies|[.,;!]| so\b| and\b|$)"
        + @"|\bi have (an? )?(?<value>[\p{L} ]{2,30}?)( allergy| allergies)");

    private static readonly Pattern EatsNo = Pattern.AnyCase(
        Am + @"( a| turning| becoming)? (?<value>vegan|vegetarian|pescatarian|gluten[- ]free|lactose intolerant|teetotal)\b");

    private static readonly Pattern IsIll = Pattern.AnyCase(
        @"\bi (was|got|have been|['’]ve been) diagnosed with (a |an )?" + Phrase + @"|\bi (have|suffer from|live with) (?<value>("
        + Illness + @")[^.,;:!?()""“”–—]{0,58}?)" + PhraseEnd);

    private static readonly Pattern Studies = Pattern.AnyCase(
        @"(" + I + @" (graduated (from|in)|study|studied|majored in|got my degree in|have a degree in|have a master['’]?s in)|" + Am
        + @" (studying|majoring in|enrolled (in|at)))( at| in)? " + Phrase);

    private static readonly Pattern Speaks = Pattern.AnyCase(
        @"\bi( also| can)? (speak|am fluent in)( fluent| some| a little)? (?<value>(?-i:\p{Lu})\p{L}+)"
        + @"|\bi['’]m (fluent in|learning) (?<value>" + Language + @")\b");

    private static readonly Pattern HasFavourite = Pattern.AnyCase(
        @"\bmy (all[- ]time |absolute |personal )*(favou?rite|fave) (?<thing>[\p{L} ]{3,24}?) (is|are|was|has to be"
        + @"|['’]s)( definitely| probably| still| the| a)* " + Phrase);

    private static readonly Pattern Dislikes = Pattern.AnyCase(
        @"\bi (really |absolutely |just |also )*(hate|dislike|can['’]t stand|don['’]t (really )?(like|enjoy)|detest)( to)? " + Phrase);

    private static readonly Pattern Prefers = Pattern.AnyCase(
        @"\bi (really |usually |generally |also |personally |much )*prefer( to| using)? " + Phrase);

    private static readonly Pattern Likes = Pattern.AnyCase(
        @"(^|[,;:–—-]\s|\b(and|but|so|because|that|since|also|now) )(" + I + @" (love|like|enjoy|adore)|" + Am
        + @" (into|fond of|keen on|an? (big |huge )?fan of|passionate about|obsessed with))( to)? " + Phrase);

    private static readonly Pattern Learns = Pattern.AnyCase(
        @"(" + Am + @" (learning|taking up)|" + I
        + @" (started learning|been learning|took up|picked up))( to play| to| how to)?( the| a)? " + Phrase);

    private static readonly Pattern Owns = Pattern.AnyCase(
        @"\b(i|we)(['’]ve)?( just| recently| finally| also)* (bought|purchased|own|ordered|treated myself to)( me"
        + @"| myself)? (an?|my|the|some|two|three|new|this) " + Phrase);

    private static readonly Pattern HasGoal = Pattern.AnyCase(
        @"\b(my|our) (main |big |ultimate |next )*(goal|dream|aim|plan) is to "
        + @"(?<value>[^.,;:!?()""“”–—]{4,80}?)([.,;:!?()""“”–—]|\s+(because|but|so|since)\b|\s*$)");

    private static readonly Pattern IsSet = Pattern.AnyCase(
        @"\b(my|our|the) (?<thing>((" + ProjectWord + @") ){0,2}(" + ProjectNumber
        + @"))( (for|of) [\p{L} ]{2,30}?)? (is|are|was|will be|has been)"
        + @"( now| currently| set| set to| set at| moved| moved to| extended to| increased to| at| on| for| about| around"
        + @"| to)* " + @"(?<value>[\p{L}\p{N}$€£]([^,;!?()""“”]|,[0-9]){0,40}?)"
        + @"(\s+(and|but|so|which|that|because|for|instead)\b|,([^0-9]|$)|[;!?()""“”]|\.(\s|$)|\s*$)");

    private static readonly Pattern Decided = Pattern.AnyCase(
        @"\b(i|we)(['’]ve)?( just| finally| already| also)* (decided|chose|chosen|opted|agreed|settled)( on| to| for| that)+ "
        + Phrase);

    private static readonly Pattern Uses = Pattern.AnyCase(
        @"(" + I + @" (use|been using|switched to|migrated to|chose|chosen|installed|set up)|" + Am
        + @" (using|running|deploying (on|to)|switching to))( the| a| an)? (?<value>(?-i:\p{Lu})[\p{L}\p{N}.#+-]*("
        + @" (?-i:\p{Lu})[\p{L}\p{N}.#+-]*| v?[0-9]+(\.[0-9]+)*){0,3})");

    private static readonly Pattern Plans = Pattern.AnyCase(
        @"(" + Am + @" (going to|gonna|planning to|planning on|planning|hoping to|aiming to)|\b(i|we) (plan|plan on|aim|intend) to) "
        + Phrase);

    private static readonly ClaimRule[] All =
    [
        new(NoLongerLives, "home", IsSingleValued: true, IsEnding: true),
        new(NoLongerWorks, "employer", IsSingleValued: true, IsEnding: true),
        new(LeftJob, "employer", IsSingleValued: true, Value: None, IsDenied: static (_, match) => match["unlike"].IsFound),
        new(NoLongerUses, "uses", IsEnding: true),
        new(NoLongerLikes, "likes", IsEnding: true, Kind: FactKinds.Preference, IsDenied: ClaimDenials.IsStillSo),
        new(Sold, "owns", IsEnding: true),
        new(Separated, "partner", IsSingleValued: true, Value: None),
        new(PetDied, "pet", IsEnding: true),
        new(Lives, "home", IsSingleValued: true),
        new(ComesFrom, "hometown", IsSingleValued: true),
        new(IsCalled, "name", IsSingleValued: true),
        new(IsAged, "age", IsSingleValued: true),
        new(HasBirthday, "birthday", IsSingleValued: true),
        new(WorksAt, "employer", IsSingleValued: true),
        new(WorksAs, "job", IsSingleValued: true, IsDenied: static (_, match) => ClaimDenials.IsNoJob(match["job"].Letters)),
        new(HasPartner, "partner", IsSingleValued: true),
        new(HasRelative, "{0}"),
        new(HasNamedPet, "pet"),
        new(HasPet, "pet"),
        new(IsAllergic, "allergy"),
        new(EatsNo, "diet", IsSingleValued: true),
        new(IsIll, "health"),
        new(Studies, "studies"),
        new(Speaks, "language"),
        new(HasFavourite, "favourite {0}", IsSingleValued: true, Kind: FactKinds.Preference),
        new(Dislikes, "dislikes", Kind: FactKinds.Preference),
        new(Prefers, "prefers", Kind: FactKinds.Preference),
        new(Likes, "likes", Kind: FactKinds.Preference),
        new(Learns, "learning"),
        new(Owns, "owns"),
        new(HasGoal, "goal"),
        new(IsSet, "{0}", IsSingleValued: true),
        new(Decided, "decision"),
        new(Uses, "uses"),
        new(Plans, "plan"),
    ];

    private static readonly FrozenSet<string> RelativeWords = Relative.Split('|').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly PatternSet Patterns = new([.. All.Select(static rule => rule.Pattern)]);

    /// <summary>Whether an attribute names somebody of one's own: sister, mentor.</summary>
    public static bool IsRelative(string attribute) => RelativeWords.Contains(attribute);

    /// <summary>
    /// Whether a claim says who somebody's partner, relative or animal is, and nothing of what the sentence tells of them.
    /// </summary>
    public static bool NamesWho(FactClaim claim) =>
        (claim.Attribute is "partner" or "pet" || IsRelative(claim.Attribute)) && claim.Value != None;

    /// <summary>The rules whose patterns are found in a statement, in their order.</summary>
    public static IEnumerable<ClaimRule> In(string statement)
    {
        for (var found = Patterns.FoundIn(statement); found != 0; found &= found - 1)
            yield return All[BitOperations.TrailingZeroCount(found)];
    }
}
