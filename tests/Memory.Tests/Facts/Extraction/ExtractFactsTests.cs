using MemoryOrleans.Episodes;
using MemoryOrleans.Memory.Tests.Recall;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Facts.Extraction;

public sealed class ExtractFactsTests
{
    private static readonly DateTimeOffset Said = new(2023, 5, 8, 13, 56, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("I moved to Berlin last week.", "Melanie moved to Berlin in the week of 1 May 2023.")]
    [InlineData("Yeah, I'm allergic to walnuts, so I read every label!", "Melanie is allergic to walnuts, so they read every label.")]
    [InlineData("I've been teaching chess since 2016.", "Melanie has been teaching chess since 2016.")]
    [InlineData("I was born in Lund.", "Melanie was born in Lund.")]
    [InlineData("I love hiking in the hills.", "Melanie loves hiking in the hills.")]
    [InlineData("I don't drink coffee any more.", "Melanie doesn't drink coffee any more.")]
    [InlineData("My brother Ivo bought a boat yesterday.", "Melanie's brother Ivo bought a boat on 7 May 2023.")]
    [InlineData("Just got a new job at Oxley Mills!", "Melanie just got a new job at Oxley Mills.")]
    [InlineData("I keep bees with my uncle because I love honey.", "Melanie keeps bees with their uncle because they love honey.")]
    [InlineData("We adopted two cats yesterday.", "Melanie: \"We adopted two cats yesterday [7 May 2023].\"")]
    [InlineData("I promised myself to quit smoking for good.", "Melanie: \"I promised myself to quit smoking for good.\"")]
    [InlineData("Yesterday's exam was my last one, I passed with 92 points.",
        "Yesterday's (7 May 2023) exam was Melanie's last one, they passed with 92 points.")]
    [InlineData("I'm 34 and I live in Oslo, how can I find a choir?", "Melanie is 34 and they live in Oslo.")]
    public void A_statement_of_a_named_speaker_stands_alone(string text, string? fact) => Assert.Equal(fact, ContentOf(text));

    [Theory]
    [InlineData("I live in Oslo.", "The user lives in Oslo.")]
    [InlineData("My budget is 900 euros.", "The user's budget is 900 euros.")]
    [InlineData("We decided to use PostgreSQL 16.", "User: \"We decided to use PostgreSQL 16.\"")]
    public void Without_a_name_it_is_the_user(string text, string fact) => Assert.Equal(fact, ContentOf(text, name: null));

    [Theory]
    [InlineData("Do I live in Oslo?")]
    [InlineData("If I move to Oslo, I need a car.")]
    [InlineData("I might move to Oslo next year.")]
    [InlineData("I would love to live in Oslo.")]
    [InlineData("Maybe I moved too early.")]
    [InlineData("You moved to Oslo last week.")]
    [InlineData("I love your new house in Oslo.")]
    [InlineData("It was in Oslo last week.")]
    [InlineData("Thanks so much, that means a lot!")]
    [InlineData("I really hope so too.")]
    [InlineData("Just kidding, I moved to the moon.")]
    [InlineData("I bought it yesterday.")]
    [InlineData("Please use version 4 of the form.")]
    public void What_is_no_statement_of_its_own_is_no_fact(string text) => Assert.Empty(Distil(Turn(1, text, "Melanie")).Facts);

    [Theory]
    [InlineData("I chose to write about this because it's personal.")]
    [InlineData("I'm a huge fan of this genre.")]
    [InlineData("I've been one 'cause I lost my job.")]
    [InlineData("I started volunteering here in 2022.")]
    [InlineData("We've got some cool projects in the works.")]
    [InlineData("I just love helping people.")]
    [InlineData("I won't quit, even when it's hard.")]
    public void What_points_back_or_tells_nothing_is_no_fact(string text) => Assert.Empty(Distil(Turn(1, text, "Melanie")).Facts);

    [Theory]
    [InlineData("I'm a big fan of Nintendo games, and I've wanted to play this one for weeks.", "Melanie is a big fan of Nintendo games.")]
    [InlineData("On another note, I adopted a grey cat in March.", "Melanie adopted a grey cat in March 2023.")]
    [InlineData("I got promoted at work.", "Melanie got promoted at work.")]
    public void What_stands_before_a_clause_that_points_back_is_kept(string text, string fact) => Assert.Equal(fact, ContentOf(text));

    [Theory]
    [InlineData("My brother Tom moved to Lyon. He runs a bakery in the old town.",
        "Melanie's brother Tom moved to Lyon.|Melanie's brother Tom runs a bakery in the old town.")]
    [InlineData("My sister works at Oxley Mills. She's allergic to walnuts.",
        "Melanie's sister works at Oxley Mills.|Melanie's sister is allergic to walnuts.")]
    public void He_and_she_are_the_one_person_named_right_before(string text, string facts) => Assert.Equal(
        facts, string.Join('|', Distil(Turn(1, text, "Melanie")).Facts.Select(static fact => fact.Content)));

    [Theory]
    [InlineData("My brother met my sister in Lyon. He won the harbour race last week.")]
    [InlineData("My brother met Carlo in Lyon. He won the harbour race last week.")]
    [InlineData("My brother moved to Lyon. She won the harbour race last week.")]
    [InlineData("I moved to Lyon. He won the harbour race last week.")]
    public void Whom_he_or_she_is_is_not_guessed(string text) =>
        Assert.DoesNotContain(Distil(Turn(1, text, "Melanie")).Facts,
        static fact => fact.Content.Contains("race", StringComparison.Ordinal));

    [Fact]
    public void An_answer_about_somebody_asked_for_names_whom_and_rests_on_both_turns()
    {
        var fact = Assert.Single(Distil(Turn(1, "How is your sister?", "Jon"), Turn(2, "She moved to Lyon last week.", "Melanie")).Facts);

        Assert.Equal("Melanie's sister moved to Lyon in the week of 1 May 2023.", fact.Content);
        Assert.Equal([1L, 2L], fact.Sources.Select(static source => source.Seq));
    }

    [Theory]
    [InlineData("As a single mom I sleep little. I lost my job at Oxley Mills last week.",
        "Melanie lost her job at Oxley Mills in the week of 1 May 2023.")]
    [InlineData("I lost my job at Oxley Mills last week.", "Melanie lost their job at Oxley Mills in the week of 1 May 2023.")]
    [InlineData("As a young man I sailed. As a single mom I sleep little. I lost my job at Oxley Mills last week.",
        "Melanie lost their job at Oxley Mills in the week of 1 May 2023.")]
    public void A_speaker_is_he_or_she_only_where_the_text_says_so(string text, string fact) =>
        Assert.Contains(Distil(Turn(1, text, "Melanie")).Facts, found => found.Content == fact);

    [Theory]
    [InlineData("Last week was wild, I got noticed by fashion editors in Lyon.", "Last week")]
    [InlineData("Had a wild week, my car broke down on Friday on the way to Lyon.", "Had a")]
    [InlineData("I've joined a choir in Lyon, can't wait to sing with them, I can't wait to start.", "wait to start")]
    [InlineData("I took a photo class in Lyon last week, Jon.", "Jon")]
    public void What_tells_nothing_is_left_out_of_a_fact(string text, string left) => Assert.DoesNotContain(
        left, Assert.Single(Distil(Turn(1, "I like tea a lot.", "Jon"), Turn(2, text, "Melanie")).Facts,
        static fact => fact.Content.Contains("Melanie", StringComparison.Ordinal)).Content, StringComparison.Ordinal);

    [Fact]
    public void A_second_verb_that_would_need_another_form_has_the_statement_quoted() => Assert.Equal(
        "Melanie: \"I met Ines last week [the week of 1 May 2023] and have a call with Oxley Mills on 12 May 2023.\"",
        ContentOf("I met Ines last week and have a call with Oxley Mills on 12 May 2023."));

    [Fact]
    public void A_plan_for_a_day_knows_when_it_is_over()
    {
        var plan = Assert.Single(Distil(Turn(1, "I'm going to visit my aunt in Lyon on 20 May 2023.", "Melanie")).Facts);
        var past = Assert.Single(Distil(Turn(1, "I visited my aunt in Lyon on 2 May 2023.", "Melanie")).Facts);

        Assert.Equal(new DateTimeOffset(2023, 5, 22, 0, 0, 0, TimeSpan.Zero), plan.PlannedUntil);
        Assert.Null(past.PlannedUntil);
    }

    [Theory]
    [InlineData("I moved to Berlin last week.", "home", "berlin", true)]
    [InlineData("I'm living in New Orleans now.", "home", "new orleans", true)]
    [InlineData("I'm originally from Sweden.", "hometown", "sweden", true)]
    [InlineData("I work at Oxley Mills.", "employer", "oxley mills", true)]
    [InlineData("I'm a primary school teacher in Lund.", "job", "primary school teacher", true)]
    [InlineData("I'm Craig, a developer from Leeds.", "name", "craig", true)]
    [InlineData("I just turned 34.", "age", "34", true)]
    [InlineData("My birthday is 3 June, by the way.", "birthday", "3 june", true)]
    [InlineData("My wife Ines plays the oboe.", "partner", "ines", true)]
    [InlineData("My sister Petra lives in Bern.", "sister", "petra", false)]
    [InlineData("I adopted a grey cat in March.", "pet", "cat", false)]
    [InlineData("I'm allergic to walnuts.", "allergy", "walnuts", false)]
    [InlineData("I'm vegan, so no cheese for me.", "diet", "vegan", true)]
    [InlineData("I was diagnosed with asthma.", "health", "asthma", false)]
    [InlineData("I quit my job last week.", "employer", "none", true)]
    [InlineData("We broke up last month.", "partner", "none", true)]
    [InlineData("I speak Portuguese at home.", "language", "portuguese", false)]
    [InlineData("My favourite colour is dark green.", "favourite colour", "dark green", true)]
    [InlineData("I can't stand loud cinemas.", "dislikes", "loud cinemas", false)]
    [InlineData("I prefer trains to planes.", "prefers", "trains", false)]
    [InlineData("I really love sourdough.", "likes", "sourdough", false)]
    [InlineData("I'm learning to play the piano.", "learning", "piano", false)]
    [InlineData("I bought a red kayak yesterday.", "owns", "red kayak", false)]
    [InlineData("My goal is to run a marathon.", "goal", "run a marathon", false)]
    [InlineData("The project deadline is 4 June 2023.", "project deadline", "4 june 2023", true)]
    [InlineData("We're using Flask 2.3.1 for the site.", "uses", "flask 2.3.1", false)]
    [InlineData("I'm going to paint the kitchen next month.", "plan", "paint the kitchen", false)]
    public void A_claim_names_subject_attribute_and_value(string text, string attribute, string value, bool isSingleValued)
    {
        var fact = Assert.Single(Distil(Turn(1, text, "Melanie")).Facts);

        Assert.NotNull(fact.Claim);
        Assert.Equal(("melanie", attribute, value, isSingleValued),
            (fact.Claim.Subject, fact.Claim.Attribute, fact.Claim.Value, fact.Claim.IsSingleValued));
        Assert.False(fact.EndsEarlier);
    }

    [Theory]
    [InlineData("I no longer live in Berlin.", "home", "berlin")]
    [InlineData("I no longer work at Oxley Mills.", "employer", "oxley mills")]
    [InlineData("I sold my kayak yesterday.", "owns", "kayak")]
    [InlineData("I stopped using Flask this week.", "uses", "flask")]
    public void An_ending_claims_what_is_no_longer_so(string text, string attribute, string value)
    {
        var fact = Assert.Single(Distil(Turn(1, text, "Melanie")).Facts);

        Assert.True(fact.EndsEarlier);
        Assert.Equal((attribute, value), (fact.Claim!.Attribute, fact.Claim.Value));
        Assert.Equal(fact.ValidFrom, fact.ValidTo);
    }

    [Fact]
    public void Facts_are_true_from_the_time_they_name_else_from_when_they_were_said()
    {
        Assert.Equal(new DateTimeOffset(2023, 5, 1, 0, 0, 0, TimeSpan.Zero),
            Assert.Single(Distil(Turn(1, "I moved to Berlin last week.", "Melanie")).Facts).ValidFrom);
        Assert.Equal(new DateTimeOffset(2023, 6, 1, 0, 0, 0, TimeSpan.Zero),
            Assert.Single(Distil(Turn(1, "I'm going to move to Berlin next month.", "Melanie")).Facts).ValidFrom);
        Assert.Equal(Said, Assert.Single(Distil(Turn(1, "I live in Berlin.", "Melanie")).Facts).ValidFrom);
        Assert.Equal(Said, Assert.Single(Distil(Turn(1, "I moved to Berlin today.", "Melanie")).Facts).ValidFrom);
    }

    [Fact]
    public void What_an_assistant_explains_is_no_fact_but_what_is_agreed_is()
    {
        var facts = Distil(
            Turn(1, "I live in Oslo."),
            Turn(2, "Oslo was founded in 1040. I love the opera house. My favourite park is Frogner.", role: "assistant"),
            Turn(3, "We agreed to book the ferry on 3 June 2023.", role: "assistant")).Facts;

        Assert.Equal(["The user lives in Oslo.", "Assistant: \"We agreed to book the ferry on 3 June 2023.\""],
            facts.Select(fact => fact.Content));
    }

    [Fact]
    public void A_short_answer_is_kept_with_its_question_and_cites_both()
    {
        var fact = Assert.Single(Distil(Turn(1, "How long have you been married?", "Tom"), Turn(2, "5 years already!", "Melanie")).Facts);

        Assert.Equal("Melanie, asked \"How long have you been married?\": \"5 years already!\"", fact.Content);
        Assert.Equal([1L, 2L], fact.Sources.Select(source => source.Seq));
    }

    [Fact]
    public void The_same_is_said_once_and_the_limit_keeps_what_matters_most()
    {
        var turns = new[] { Turn(1, "I live in Oslo.", "Melanie"), Turn(2, "I live in Oslo!", "Melanie"),
            Turn(3, "I painted a wall yesterday.", "Melanie") };

        Assert.Equal(2, Distil(turns).Facts.Count);
        Assert.Equal("Melanie lives in Oslo.", Assert.Single(Distil(new DistillationLimits(FactsMax: 1), turns).Facts).Content);
        Assert.Empty(Distil(new DistillationLimits(FactsMax: 0), turns).Facts);
    }

    private static string? ContentOf(string text, string? name = "Melanie") => Distil(Turn(1, text, name)).Facts.SingleOrDefault()?.Content;

    private static Turn Turn(long seq, string text, string? name = null, string role = "user") =>
        Turns.Of("s", seq, text, role, name, Said);

    private static Distillation Distil(params Turn[] turns) => Distil(new DistillationLimits(), turns);

    private static Distillation Distil(DistillationLimits limits, params Turn[] turns)
    {
        var session = new Session("s", null, null, SessionStatus.Open, turns.Length, 1, Said, Said);
        var task = new ExtractiveDistiller(WordEmbedder.Small).DistilAsync(session, [], turns, limits, CancellationToken.None);
        Assert.True(task.IsCompletedSuccessfully);
        return task.Result;
    }
}
