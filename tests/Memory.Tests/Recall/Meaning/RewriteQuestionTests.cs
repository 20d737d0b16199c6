using MemoryOrleans.Recall.Meaning;

namespace MemoryOrleans.Memory.Tests.Recall.Meaning;

public sealed class RewriteQuestionTests
{
    private static readonly string[] Names = ["Ada", "Will Byron"];

    [Theory]
    [InlineData("When did Ada go to the harbour?", "When did I go to the harbour?")]
    [InlineData("What is Ada's favourite boat?", "What is my favourite boat?")]
    [InlineData("What is Ada’s boat called?", "What is my boat called?")]
    [InlineData("What does Ada think of it?", "What do I think of it?")]
    [InlineData("Where has Ada sailed?", "Where have I sailed?")]
    [InlineData("Is Ada afraid of storms?", "Am I afraid of storms?")]
    [InlineData("Why doesn't Ada sail in winter?", "Why don't I sail in winter?")]
    [InlineData("What changes has Ada faced since she has sold her boat?", "What changes have I faced since I have sold my boat?")]
    [InlineData("What did the parcel mean to Ada?", "What did the parcel mean to me?")]
    [InlineData("Who visits Ada on Sundays?", "Who visits me on Sundays?")]
    [InlineData("What moved Ada to leave?", "What moved me to leave?")]
    [InlineData("How does Ada keep herself busy?", "How do I keep myself busy?")]
    [InlineData("What do the letters say of her?", "What do the letters say of her?")]
    [InlineData("What did Ada give her?", "What did I give her?")]
    [InlineData("What did Ada and her sister see?", "What did I and my sister see?")]
    public void Speakers_are_spoken_of_in_the_first_person(string question, string expected) =>
        Assert.Equal(expected, RewriteQuestion.ForEncoder(question, Names));

    [Theory]
    [InlineData("When did Will paint?", "When did I paint?")]
    [InlineData("When did Will Byron's sister paint?", "When did my sister paint?")]
    [InlineData("What will Ada do?", "What will I do?")]
    [InlineData("what did ada do?", "what did ada do?")]
    public void A_name_that_is_a_word_too_needs_its_capital(string question, string expected) =>
        Assert.Equal(expected, RewriteQuestion.ForEncoder(question, Names));

    [Fact]
    public void A_longer_name_may_be_written_small() =>
        Assert.Equal("what did I do?", RewriteQuestion.ForEncoder("what did margaret do?", ["Margaret"]));

    [Theory]
    [InlineData("Can you remind me when the ferry leaves?", "when the ferry leaves?")]
    [InlineData("Do you remember the colour of the door?", "the colour of the door?")]
    [InlineData("Could you list my boats in order throughout our conversations? Mention ONLY and ONLY four items.", "list my boats?")]
    [InlineData("How many harbours did I name across my sessions?", "How many harbours did I name?")]
    public void What_only_says_how_to_answer_is_cut(string question, string expected) =>
        Assert.Equal(expected, RewriteQuestion.ForEncoder(question, []));

    [Theory]
    [InlineData("Can you?")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?!")]
    public void A_question_of_which_nothing_would_be_left_stays(string question) =>
        Assert.Equal(question, RewriteQuestion.ForEncoder(question, Names));

    [Theory]
    [InlineData("What did you recommend for the hull?", true)]
    [InlineData("What was your advice on varnish?", true)]
    [InlineData("What did I recommend to you?", false)]
    [InlineData("How are you?", false)]
    public void Questions_for_what_the_assistant_said_are_told_apart(string question, bool expected) =>
        Assert.Equal(expected, RewriteQuestion.AsksAssistant(question));

    [Fact]
    public void A_hostile_question_takes_no_longer_than_its_length()
    {
        var question = string.Join(' ', Enumerable.Repeat("mention only and only Will can you in the", 20_000));
        Assert.NotEmpty(RewriteQuestion.ForEncoder(question, Names));
        Assert.NotEmpty(RewriteQuestion.ForEncoder(new string('\'', 100_000) + " \uD800", Names));
    }
}
