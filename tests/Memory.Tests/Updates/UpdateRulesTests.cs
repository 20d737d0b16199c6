using MemoryOrleans.Models;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Memory.Tests.Updates;

/// <summary>Rule by rule: what links a newer statement to an older one, and what must not.</summary>
public sealed class UpdateRulesTests
{
    private static readonly ReadStatements Read = new(new StaticEmbedder());

    [Theory]
    [InlineData("My locker code is 4402.", "My locker code is 7719 now.", "frame")]
    [InlineData("Wanda leads the search team.", "Oskar leads the search team now.", "frame+cue")]
    [InlineData("I play for the Otters.", "I left the Otters and joined the Falcons.", "names-old")]
    [InlineData("Die Probe ist am Mittwoch.", "Die Probe wurde auf Freitag verlegt.", "cue+words")]
    [InlineData("Vivo en Murcia.", "Me mudé a Gijón.", "cue+slot")]
    [InlineData("Vivo en Murcia.", "Me mudé a Soria.", "cue+slot")]
    [InlineData("Trabajo en Talgo.", "Dejé Talgo y ahora trabajo en Almería.", "names-old")]
    [InlineData("I've got a canoe called Otter.", "I've sold the Otter.", "names-old")]
    [InlineData("J'habite à Dijon.", "J'ai déménagé à Grenoble.", "cue+slot")]
    [InlineData("Moro em Lagos.", "Mudei-me para Aveiro.", "cue+slot")]
    [InlineData("我住在武汉。", "我搬到了南京。", "cue+slot")]
    [InlineData("私は名古屋に住んでいます。", "先月、神戸に引っ越しました。", "cue+slot")]
    [InlineData("I love coriander.", "I can't stand coriander.", "polarity")]
    public void A_rule_finds_the_update(string older, string newer, string rule) => Assert.Equal(rule, RuleOf(older, newer));

    [Theory]
    [InlineData("I live in Leuven.", "My brother moved to Namur.")]
    [InlineData("I live in Leuven.", "Should I move to Namur?")]
    [InlineData("I live in Leuven.", "If I could I would move to Namur.")]
    [InlineData("I live in Leuven.", "I almost moved to Namur.")]
    [InlineData("I live in Leuven.", "When I was young I moved to Namur.")]
    [InlineData("I live in Leuven.", "Ilse said she moved to Namur.")]
    [InlineData("I speak Finnish.", "I also speak Catalan.")]
    [InlineData("The choir rehearsal is on Tuesday.", "The band rehearsal was moved to Friday.")]
    [InlineData("Our rent is 1,100 euros.", "Karin's rent was raised to 1,300 euros.")]
    [InlineData("I drink cocoa in the morning.", "I drink beer in the evening now.")]
    [InlineData("I love opera.", "I don't like the opera house's new bar.")]
    [InlineData("I lost my job at the mill.", "I lost my job.")]
    [InlineData("I work at the mill.", "I won't quit my job.")]
    [InlineData("It was awesome being out there.", "I started being out there.")]
    [InlineData("Ich wohne in Ulm.", "Mein Bruder ist nach Trier gezogen.")]
    [InlineData("Vivo en Cádiz.", "De niña vivía en Burgos.")]
    [InlineData("我喝红茶。", "如果我不再喝红茶,我会喝可乐。")]
    [InlineData("私は仙台に住んでいます。", "姉は横浜に引っ越しました。")]
    [InlineData("Fencing is on Tuesday.", "Just for this week fencing was moved to Friday.")]
    public void No_rule_takes_it_for_an_update(string older, string newer) => Assert.Null(RuleOf(older, newer));

    [Theory]
    [InlineData("I left the Otters and joined the Falcons.", "I play for the Otters.")]
    [InlineData("Correction: we meet in Juniper room on Mondays.", "We meet in Willow room on Mondays.")]
    public void Only_what_names_the_old_value_or_corrects_it_replaces(string newer, string older) =>
        Assert.Equal(UpdateClass.Replaces, Find(older, newer)!.Value.Class);

    [Theory]
    [InlineData("My locker code is 4402.", "My locker code is 7719 now.")]
    [InlineData("Vivo en Murcia.", "Me mudé a Gijón.")]
    public void What_is_less_sure_only_lifts(string older, string newer) =>
        Assert.Equal(UpdateClass.Lifts, Find(older, newer)!.Value.Class);

    [Theory]
    [InlineData("When is the demo?", "The demo is on 15 June.", "The demo is on 22 June at the hall.", "q-value")]
    [InlineData("What is our monthly budget for ads?", "Our monthly budget for ads is $6,000.",
        "The monthly budget for ads was raised to $8,500.", "q-value")]
    [InlineData("Which framework is the shop written in?", "The shop is written in Angular.", "The shop was converted to Svelte.", "q-cue")]
    [InlineData("Am I in a relationship?", "My boyfriend is called Udo.", "I'm single now.", "q-slot")]
    [InlineData("Where is our workshop?", "Our workshop is on Cooper Lane.", "Since spring our workshop has been behind Dock Square.", "q-name")]
    [InlineData("When do I feed the sourdough?", "I feed the sourdough after dinner.", "I feed the sourdough in the morning.", "q-name")]
    [InlineData("How many chess books do I own?", "I own 40 chess books.", "My shelf of chess books holds 63 books.", "q-value")]
    [InlineData("What size of boots does Runa wear?", "My daughter Runa wears boots of size 31.", "Runa's boots are size 33.", "q-value")]
    public void The_question_tells_what_no_rule_links(string question, string older, string newer, string rule)
    {
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, new Dictionary<string, int>()));

        Assert.Equal(rule, QuestionRule.Find(asked, Pair(older, newer), scores: 0.5, isLong: false, isLater: true)?.Name);
    }

    [Theory]
    [InlineData("Where is our workshop?", "Our workshop is on Cooper Lane.", "Our workshop gets cold at night.")]
    [InlineData("Where is our workshop?", "Our workshop is on Cooper Lane.", "Our workshop party is at Dock Square.")]
    [InlineData("Who is my dentist?", "My dentist is Dr. Ames.", "My sister's dentist is Dr. Roth.")]
    [InlineData("Which composer do I like?", "I like the composer Ligeti.", "I like the composer Kurtag.")]
    [InlineData("When do I feed the sourdough in the evening?", "I feed the sourdough at eight.", "I feed the sourdough in the morning.")]
    public void The_question_alone_makes_no_update(string question, string older, string newer)
    {
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, new Dictionary<string, int>()));

        Assert.Null(QuestionRule.Find(asked, Pair(older, newer), scores: 0.9, isLong: false, isLater: true));
    }

    [Fact]
    public void Names_a_few_turns_later_are_no_other_answer()
    {
        var asked = UpdateQuestion.Of(Read.OfQuestion("Where is our workshop?", new Dictionary<string, int>()));
        var pair = Pair("Our workshop is on Cooper Lane.", "Since spring our workshop has been behind Dock Square.");

        Assert.Null(QuestionRule.Find(asked, pair, scores: 0.9, isLong: false, isLater: false));
    }

    [Theory]
    [InlineData("Mi tía estudia ingeniería.", false)]
    [InlineData("Viviría en Soria.", true)]
    [InlineData("Meu pai trabalha na padaria.", false)]
    public void A_noun_is_no_supposition(string text, bool isSupposed) => Assert.Equal(isSupposed, Read.Of(text)[0].Flags.SupposedAt >= 0);

    [Theory]
    [InlineData("Where did I live before?", true, false)]
    [InlineData("What was our budget in March?", true, false)]
    [InlineData("When is our flight in March?", false, true)]
    [InlineData("Where do I live?", false, true)]
    [InlineData("Where did I park?", false, false)]
    [InlineData("Wo habe ich vorher gewohnt?", true, false)]
    [InlineData("¿Dónde vivía antes?", true, false)]
    public void A_question_asks_for_what_was_or_for_what_is(string question, bool asksPast, bool isPresent)
    {
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, new Dictionary<string, int>()));

        Assert.Equal((asksPast, isPresent), (asked.AsksPast, asked.IsPresent));
    }

    [Theory]
    [InlineData("I live in Leuven.", "I moved to Namur.")]
    [InlineData("My locker code is 4402.", "My locker code is 7719 now.")]
    [InlineData("My gym is Kauri.", "My gym is Rimu now.")]
    [InlineData("Wanda leads the search team.", "Oskar leads the search team now.")]
    [InlineData("I play for the Otters.", "I left the Otters and joined the Falcons.")]
    [InlineData("Die Probe ist am Mittwoch.", "Die Probe wurde auf Freitag verlegt.")]
    [InlineData("Vivo en Murcia.", "Me mudé a Gijón.")]
    [InlineData("I love coriander.", "I can't stand coriander.")]
    public void A_link_is_kept_where_both_give_one_attribute(string older, string newer) => Assert.True(IsKept(older, newer));

    [Theory]
    [InlineData("Losing my job was hard, but I'm living my dream now.", "I've been one of them since I lost my job.")]
    [InlineData("I'm still volunteering at the homeless shelter.", "I just started volunteering at a dog shelter.")]
    [InlineData("Writing is a great way to express my feelings.", "Writing has become a way to express my feelings.")]
    [InlineData("I won't quit on my dreams.", "I won't quit, no matter what.")]
    [InlineData("Lately, I've been stumped about something.", "Lately I've been exploring options.")]
    [InlineData("Siembro tomates y sandías.", "Pensaba renunciar a las sandías.")]
    public void What_only_speaks_of_the_same_matter_is_not_kept_as_a_link(string older, string newer) => Assert.False(IsKept(older, newer));

    [Theory]
    [InlineData("How many cards are in the photo gallery?", "q-long")]
    [InlineData("How many days passed between the first cards and the photo gallery?", null)]
    public void Of_long_turns_a_value_told_to_be_new_answers(string question, string? rule)
    {
        const string older = "I am building the photo gallery of the club with 8 cards and have trouble with the layout of the cards in the gallery";
        const string newer = "I am updating the photo gallery of the club, so now I have a total of 10 cards, and the layout of the cards in the gallery is off";
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, new Dictionary<string, int>()));

        Assert.Equal(rule, QuestionRule.Find(asked, Pair(older, newer), scores: 0.5, isLong: true, isLater: true)?.Name);
    }

    [Theory]
    [InlineData(0.8, "q-long")]
    [InlineData(0.6, null)]
    public void Of_long_turns_one_that_ranks_far_below_must_be_told_to_be_new(double scores, string? rule)
    {
        const string older = "and the first lap ends on March 3, with a stop at the mill and the bakery.";
        const string newer = "I noticed that the first lap now aims to be over by March 5, which leaves us two more days for tents and the last repairs.";
        var asked = UpdateQuestion.Of(Read.OfQuestion("When does my first lap end?", new Dictionary<string, int>()));

        Assert.Equal(rule, QuestionRule.Find(asked, Pair(older, newer), scores, isLong: true, isLater: true)?.Name);
    }

    [Theory]
    [InlineData("What is the door code?", true)]
    [InlineData("What was the door code before?", false)]
    [InlineData("Which codes have we used for the door?", false)]
    public void In_talk_of_short_sentences_one_that_tells_a_change_answers_what_is_true_now(string question, bool holds) => Assert.Equal(
        holds,
        IsTold(
            question, "The door code is 4471. Please lock up at night. The alarm is off.",
            "Small note on the house. The door code was changed to 9920. The alarm is still off."));

    [Fact]
    public void So_does_one_about_a_third_person()
    {
        const string older = "My sister works at Brandt. She likes the canteen. Her desk is by the window.";
        const string newer = "Long call with the family today. My sister left Brandt and works at Olsen now. She sounded happy.";

        Assert.True(IsTold("Where does my sister work?", older, newer));
    }

    [Fact]
    public void In_such_talk_another_persons_change_answers_nothing()
    {
        const string older = "I live in Leuven, close to the canal. The flat is tiny but cheap.";
        const string newer = "My best friend moved to Namur last weekend. I helped with the boxes. My back hurts.";

        Assert.False(IsTold("Where do I live?", older, newer));
    }

    [Fact]
    public void What_is_told_before_a_request_is_a_statement_of_its_own()
    {
        var read = Read.Of("The call with the director moved to 22 April, can you check my calendar for that day?");

        Assert.Equal("The call with the director moved to 22 April", read[0].Wording.Text);
        Assert.False(read[0].Flags.IsQuestion);
    }

    private static bool IsTold(string question, string older, string newer)
    {
        var english = new Dictionary<string, int> { [Languages.English] = 4 };
        var asked = UpdateQuestion.Of(Read.OfQuestion(question, english));
        return ToldRule.Holds(asked, Read.Of(older, english), Read.Of(newer, english), namesOther: false);
    }

    private static bool IsKept(string older, string newer)
    {
        var around = ReadStatements.CountLanguages($"{older} {newer}");
        return (from now in Read.Of(newer, around) from old in Read.Of(older, around) select new StatementPair(old, now))
            .Any(static pair => LinkRules.Find(pair) is { } rule && LinkProof.IsEnough(pair, rule));
    }

    private static string? RuleOf(string older, string newer) => Find(older, newer)?.Name;

    private static UpdateRule? Find(string older, string newer)
    {
        var around = ReadStatements.CountLanguages($"{older} {newer}");
        return (from now in Read.Of(newer, around) from old in Read.Of(older, around) select LinkRules.Find(new StatementPair(old, now)))
            .FirstOrDefault(static rule => rule is not null);
    }

    private static StatementPair Pair(string older, string newer) => new(Read.Of(older)[0], Read.Of(newer)[0]);
}
