using MemoryOrleans.Embeddings;
using MemoryOrleans.Feed;
using MemoryOrleans.Memory.Tests.Memories;
using MemoryOrleans.Sessions;

namespace MemoryOrleans.Memory.Tests.Recall.Ranking;

public sealed class RelevanceTests
{
    private static readonly NoEmbedder NoWords = new();

    private static readonly string[] Others =
        ["We painted the shutters green.", "The bakery alarm rang at four.", "Rain is forecast for the harbour.",
            "Good morning, did you sleep well?"];

    [Fact]
    public void A_long_question_asks_for_no_more_than_a_short_one()
    {
        const string said = "The spare key is behind the flour bin.";
        var plain = RelevanceOf("spare key flour", said);
        Assert.Equal(1, plain);
        Assert.Equal(plain, RelevanceOf("spare key flour morning bakery rain", said));
    }

    [Fact]
    public void What_only_says_how_to_answer_weighs_little() =>
        Assert.InRange(RelevanceOf("Can you remind me where the spare key is?", "The spare key is behind the flour bin."), 0.7, 1);

    [Fact]
    public void Words_that_nobody_ever_said_count_against() =>
        Assert.InRange(RelevanceOf("Which telescope and comet did the astronomer key in?", "The spare key is behind the flour bin."), 0,
        0.25);

    [Theory]
    [InlineData("What did Marigold cost to build, paint and launch?", "Marigold", 1)]
    [InlineData("What did Marigold cost to build, paint and launch?", "Marigold sank.", 0.4)]
    [InlineData("What did Ann say of build costs, paint and launch?", "Ann", 0.4)]
    public void A_name_that_the_question_says_is_whole_unless_it_is_only_the_speakers(string question, string said, double most)
    {
        var relevance = RelevanceOf(question, said);
        Assert.True(most == 1 ? relevance == 1 : relevance < most, $"{relevance}");
    }

    private static double RelevanceOf(string question, string said)
    {
        var changes = Others.Append(said).Select(static (text, i) => new TurnCommitted(
            i + 1, new Turn("s1", i + 1, $"t{i}", "user", "Ann", text, Some.Start, Some.Start, null, 8), null));
        var ranked = Ranked.Rank([Ranked.Build(changes, NoWords).Snapshot], question, embedder: NoWords);
        return ranked.Single(each => each.Seq == Others.Length + 1).Relevance;
    }

    // Relevance of the words alone.
    private sealed class NoEmbedder : IEmbedder
    {
        public string ModelId => "none";

        public int Dimensions => 8;

        public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector) => false;
    }
}
