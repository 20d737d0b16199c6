using System.Text.RegularExpressions;

namespace MemoryOrleans.Facts.Extraction;

/// <summary>
/// Patterns of claims in what somebody says of themselves; the first that fits decides, endings before the rest. Attributes:
/// home, hometown, employer, job, name, age, birthday, partner, a relative's word (sister, mentor), pet, allergy, diet,
/// health, studies, language, learning, owns, goal, plan, decision, uses, version of X, deadline, budget and the like, likes,
/// dislikes, prefers, favourite X.
/// </summary>
internal static partial class ClaimRules
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const string I = @"\b(i|we)(['’](ve|m|re|ll)| have| am| are)?( (just|also|now|currently|recently|finally|actually|really|still|always|already|even|absolutely|usually|mostly|previously|kinda|totally))*";
    private const string Am = @"\b(i['’]?m|i am|we['’]re|we are)( (just|also|now|currently|recently|finally|actually|really|still|always|already|so|such|very|super|kinda|totally|absolutely|quite))*";
    private const string Name = @"(?<value>(?-i:\p{Lu})[\p{L}\p{M}\p{N}.&'’-]*((,? | of | the | & )(?-i:\p{Lu})[\p{L}\p{M}\p{N}.&'’-]*){0,4})";
    private const string Person = @"(?<value>(?-i:\p{Lu})[\p{L}\p{M}'-]+( (?-i:\p{Lu})[\p{L}\p{M}'-]+)?)";
    private const string Animal = "dogs?|cats?|pup|puppy|puppies|kitty|kitten|kittens|rabbit|parrot|hamster|horse|turtle|snake|guinea pigs?|fish|bird";
    private const string Relative = "sister|brother|mother|father|mom|mum|dad|son|daughter|grandmother|grandfather|grandma|grandpa|aunt|uncle|cousin|niece|nephew|best friend|friend|boss|manager|mentor|supervisor|roommate|colleague|coach|therapist|teacher";
    private const string PartnerWord = "wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|spouse";

    /// <summary>A few words up to the end of their phrase.</summary>
    private const string Phrase =
        @"(?<value>[\p{L}\p{N}][^.,;:!?()""“”–—]{0,58}?)(?=\s+(and|but|because|['’]cause|so|since|when|whenever|where|which|who|that|while|after|before|although|though|as|if|for|with|at|on|in|from|last|next|this|these|yesterday|today|tomorrow|now|lately|recently|too|myself|together|especially|every|during|around|to)\b|\s+[-–—]|[.,;:!?()""“”–—]|\s*$)";

    /// <summary>
    /// The value of what is over without being named ("I quit my job"): it takes the place of whichever value was held.
    /// </summary>
    private const string None = "none";

    public static readonly ClaimRule[] All =
    [
        new(NoLongerLives, "home", IsSingleValued: true, IsEnding: true),
        new(NoLongerWorks, "employer", IsSingleValued: true, IsEnding: true),
        new(LeftJob, "employer", IsSingleValued: true, Value: None),
        new(NoLongerUses, "uses", IsEnding: true),
        new(NoLongerLikes, "likes", IsEnding: true, Kind: FactKinds.Preference),
        new(Sold, "owns", IsEnding: true),
        new(Separated, "partner", IsSingleValued: true, Value: None),
        new(PetDied, "pet", IsEnding: true),
        new(Lives, "home", IsSingleValued: true),
        new(ComesFrom, "hometown", IsSingleValued: true),
        new(IsCalled, "name", IsSingleValued: true),
        new(IsAged, "age", IsSingleValued: true),
        new(HasBirthday, "birthday", IsSingleValued: true),
        new(WorksAt, "employer", IsSingleValued: true),
        new(WorksAs, "job", IsSingleValued: true),
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

    [GeneratedRegex(@"\bi( no longer live in| don['’]t live in| moved out of| moved away from)( the)? " + Name, Options, -1)]
    private static partial Regex NoLongerLives();

    [GeneratedRegex(@"\bi( no longer work (at|for)| don['’]t work (at|for)| quit my job at| left my job at| resigned from| left my position at) " + Name, Options, -1)]
    private static partial Regex NoLongerWorks();

    [GeneratedRegex(@"(?<!\b(since|after|before|when|because|['’]cause|until|if) )\bi(['’]ve)?( just| recently| finally)? (quit|left|lost|resigned from) my (old )?(job|position|work)\b|\bi (was|got|have been)( just)? (fired|laid off|let go)\b", Options, -1)]
    private static partial Regex LeftJob();

    [GeneratedRegex(@"\b(i|we)( no longer use| don['’]t use| stopped using| dropped| moved away from| switched (away )?from) " + Phrase, Options, -1)]
    private static partial Regex NoLongerUses();

    [GeneratedRegex(@"\bi( no longer (like|love|enjoy)| don['’]t (like|enjoy|love)(?=[^.]* any ?more)| stopped (liking|enjoying)) " + Phrase, Options, -1)]
    private static partial Regex NoLongerLikes();

    [GeneratedRegex(@"\b(i|we)( just| recently| finally)? sold (my|our|the) " + Phrase, Options, -1)]
    private static partial Regex Sold();

    [GeneratedRegex(@"\b(we|i|my (" + PartnerWord + @") and i)( just| recently| finally)? (broke up|split up|separated|(got|are|am) divorced|divorced)\b", Options, -1)]
    private static partial Regex Separated();

    [GeneratedRegex(@"\b(my|our) ((?i:" + Animal + @") )?" + Person + @"( just| sadly)? (died|passed away)\b", Options, -1)]
    private static partial Regex PetDied();

    [GeneratedRegex(@"(" + I + @" (live|reside) in|" + Am + @" (living|based|residing|settled) in|" + I + @" (moved|relocated)( back)? (from [\p{L} ]{2,30} )?to|\bi live in)( the)? " + Name, Options, -1)]
    private static partial Regex Lives();

    [GeneratedRegex(@"(" + Am + @"( originally)? from|\bi (come|grew up|was born)( originally)? (from|in)|\bmy (hometown|home ?country) is|\bmy home ?country,) " + Name, Options, -1)]
    private static partial Regex ComesFrom();

    [GeneratedRegex(@"\b(my name is|my name['’]s|call me|i['’]m(?= (?-i:\p{Lu})[\p{L}'-]+( (?-i:\p{Lu})[\p{L}'-]+)?, (an?|and|from|the)\b)|i am(?= (?-i:\p{Lu})[\p{L}'-]+, (an?|and|from|the)\b)) " + Person, Options, -1)]
    private static partial Regex IsCalled();

    [GeneratedRegex(@"(" + Am + @"|\bi (just )?turned) (?<value>[1-9][0-9])(?= years old|[.,;]| and\b|$)", Options, -1)]
    private static partial Regex IsAged();

    [GeneratedRegex(@"\bmy birthday is (on )?(?<value>[\p{L}\p{N} ]{3,20})", Options, -1)]
    private static partial Regex HasBirthday();

    [GeneratedRegex(@"(" + I + @" (work|started (working|a (new )?job)|got (a|the) (new )?job|accepted (a|the) (job|offer|position))|" + Am + @" (working|employed|starting)) (at|for|with|from)( the)? " + Name, Options, -1)]
    private static partial Regex WorksAt();

    [GeneratedRegex(
        @"(" + Am + @"|" + I + @" work as|" + Am + @" working as|\bmy job is|\bi (became|got promoted to|was promoted to))( an?| the) (?<value>([\p{L}/-]+ ){0,3}(?!(?i:number|member|lover|winner|beginner|reader|believer|listener|player|fighter|dreamer|runner|swimmer|leader|stranger|supporter|parent|patient|important|determined|matter)\b)[\p{L}-]*(teer|neer|cher|gner|oper|ctor|itor|ver|ger|yer|ter|der|rer|aker|ller|cian|rian|ist|tant|nurse|chef|student|counselor|counsellor|coach|pilot|technologist|owner|intern))(?=[.,;!]|\s+(at|in|for|with|from|and|who|on|specializing|working|by|now)\b|$)",
        Options, -1)]
    private static partial Regex WorksAs();

    [GeneratedRegex(@"(\bmy (" + PartnerWord + @")(['’]s name is| is called| is named| is|,)?|" + I + @" (dating|married to|engaged to|married|been dating)|" + Am + @" (dating|married to|engaged to)) " + Person, Options, -1)]
    private static partial Regex HasPartner();

    [GeneratedRegex(@"\bmy (\p{L}+ )?(?<thing>" + Relative + @")(['’]s name is| is called| is named|,)? " + Person, Options, -1)]
    private static partial Regex HasRelative();

    [GeneratedRegex(@"\b(my|our) (\p{L}+ )?(" + Animal + @")(['’]s name is| is called| is named|,)? " + Person, Options, -1)]
    private static partial Regex HasNamedPet();

    [GeneratedRegex(@"\b((i|we) (just |recently |finally |also )*(have|got|adopted|own|bought)|(i|we)['’]ve (just |recently )*(got|adopted)) (an?|two|three|four|another|my|our)( \p{L}+){0,2} (?<value>" + Animal + @")\b", Options, -1)]
    private static partial Regex HasPet();

    [GeneratedRegex(@"(\ballergic to |\bi have (an? )?)(?<value>[\p{L} ]{2,30}?)(?=( allergy| allergies)|(?<=allergic to [\p{L} ]{2,30})([.,;!]| so\b| and\b|$))", Options, -1)]
    private static partial Regex IsAllergic();

    [GeneratedRegex(Am + @"( a| turning| becoming)? (?<value>vegan|vegetarian|pescatarian|gluten[- ]free|lactose intolerant|teetotal)\b", Options, -1)]
    private static partial Regex EatsNo();

    [GeneratedRegex(@"(\bi (was|got|have been|['’]ve been) diagnosed with|\bi (have|suffer from|live with)(?= (type|diabetes|asthma|anxiety|depression|adhd|autism|migraines?|arthritis|insomnia|hypertension|epilepsy|celiac|cancer))) (a |an )?" + Phrase, Options, -1)]
    private static partial Regex IsIll();

    [GeneratedRegex(@"(" + I + @" (graduated (from|in)|study|studied|majored in|got my degree in|have a degree in|have a master['’]?s in)|" + Am + @" (studying|majoring in|enrolled (in|at)))( at| in)? " + Phrase, Options, -1)]
    private static partial Regex Studies();

    [GeneratedRegex(@"\bi( also| can)? (speak|am fluent in)( fluent| some| a little)? (?<value>(?-i:\p{Lu})\p{L}+)|\bi['’]m (fluent in|learning) (?<value>English|Spanish|French|German|Italian|Portuguese|Mandarin|Chinese|Japanese|Korean|Arabic|Russian|Hindi|Dutch|Swedish|Turkish|Greek|Polish)\b", Options, -1)]
    private static partial Regex Speaks();

    [GeneratedRegex(@"\bmy (all[- ]time |absolute |personal )*(favou?rite|fave) (?<thing>[\p{L} ]{3,24}?) (is|are|was|has to be|['’]s)( definitely| probably| still| the| a)* " + Phrase, Options, -1)]
    private static partial Regex HasFavourite();

    [GeneratedRegex(@"\bi (really |absolutely |just |also )*(hate|dislike|can['’]t stand|don['’]t (really )?(like|enjoy)|detest)( to)? " + Phrase, Options, -1)]
    private static partial Regex Dislikes();

    [GeneratedRegex(@"\bi (really |usually |generally |also |personally |much )*prefer( to| using)? " + Phrase, Options, -1)]
    private static partial Regex Prefers();

    [GeneratedRegex(@"(?<=^|[,;:–—-]\s|\b(and|but|so|because|that|since|also|now) )(" + I + @" (love|like|enjoy|adore)|" + Am + @" (into|fond of|keen on|an? (big |huge )?fan of|passionate about|obsessed with))( to)? " + Phrase, Options, -1)]
    private static partial Regex Likes();

    [GeneratedRegex("(" + Am + @" (learning|taking up)|" + I + @" (started learning|been learning|took up|picked up))( to play| to| how to)?( the| a)? " + Phrase, Options, -1)]
    private static partial Regex Learns();

    [GeneratedRegex(@"\b(i|we)(['’]ve)?( just| recently| finally| also)* (bought|purchased|own|ordered|treated myself to)( me| myself)? (an?|my|the|some|two|three|new|this) " + Phrase, Options, -1)]
    private static partial Regex Owns();

    [GeneratedRegex(@"\b(my|our) (main |big |ultimate |next )*(goal|dream|aim|plan) is to (?<value>[^.,;:!?()""“”–—]{4,80}?)(?=[.,;:!?()""“”–—]|\s+(because|but|so|since)\b|\s*$)", Options, -1)]
    private static partial Regex HasGoal();

    [GeneratedRegex(@"\b(my|our|the) (?<thing>((mvp|project|release|launch|final|first|application|submission|marketing|monthly|total|wedding|current|test|api|data|time|visa|scholarship|sprint|annual|daily) ){0,2}(deadline|budget|due date|launch date|release date|start date|target|database|tech stack|stack|framework|salary|rent|hourly rate|address|phone number|email|sprint length|word limit|page limit|timeline))( (for|of) [\p{L} ]{2,30}?)? (is|are|was|will be|has been)( now| currently| set| set to| set at| moved| moved to| extended to| increased to| at| on| for| about| around| to)* (?<value>[\p{L}\p{N}$€£]([^,;!?()""“”]|,(?=[0-9])){0,40}?)(?<!,)(?=\s+(and|but|so|which|that|because|for|instead)\b|,(?![0-9])|[;!?()""“”]|\.(\s|$)|\s*$)", Options, -1)]
    private static partial Regex IsSet();

    [GeneratedRegex(@"\b(i|we)(['’]ve)?( just| finally| already| also)* (decided|chose|chosen|opted|agreed|settled)( on| to| for| that)+ " + Phrase, Options, -1)]
    private static partial Regex Decided();

    [GeneratedRegex(@"(" + I + @" (use|switched to|migrated to|chose|chosen|installed|set up)|" + Am + @" (using|running|deploying (on|to)|switching to))( the| a| an)? (?<value>(?-i:\p{Lu})[\p{L}\p{N}.#+-]*( (?-i:\p{Lu})[\p{L}\p{N}.#+-]*| v?[0-9]+(\.[0-9]+)*){0,3})", Options, -1)]
    private static partial Regex Uses();

    [GeneratedRegex("(" + Am + @" (going to|gonna|planning to|planning on|planning|hoping to|aiming to)|\b(i|we) (plan|plan on|aim|intend) to) " + Phrase, Options, -1)]
    private static partial Regex Plans();
}
