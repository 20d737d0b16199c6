using MemoryOrleans.Recall.Index;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Recall.Index;

public sealed class TurnAnalyzerTests
{
    private static readonly DateTimeOffset EighthOfMay = new(2023, 5, 8, 13, 56, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Did you bake?", true)]
    [InlineData("Did you bake?  \n", true)]
    [InlineData("Did you bake? [image: a loaf of bread]", true)]
    [InlineData("Did you bake? [image: a loaf] ", true)]
    [InlineData("你吃了吗？", true)]
    [InlineData("هل أكلت؟", true)]
    [InlineData("?", true)]
    [InlineData("I baked. [image: a loaf?]", false)]
    [InlineData("Really? Yes.", false)]
    [InlineData("Is it [image: a loaf] good", false)]
    [InlineData("[image: a loaf?]", false)]
    [InlineData("Did you [bake?]", false)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    public void A_turn_asks_when_its_text_ends_so(string content, bool asks) => Assert.Equal(asks, TurnAnalyzer.AsksQuestion(content));

    [Fact]
    public void Terms_are_counted_and_the_date_is_marked_but_not_counted()
    {
        var turn = Analyze("Bread, bread in 2023 and the oven");

        var chunk = Assert.Single(turn.Chunks);
        var terms = chunk.Terms.ToDictionary(static term => term.Term);
        Assert.Equal(new TermCount(HashOf("bread"), 2, IsDate: false), terms[HashOf("bread")]);
        Assert.Equal(new TermCount(HashOf("oven"), 1, IsDate: false), terms[HashOf("oven")]);
        Assert.Equal(new TermCount(HashOf("2023"), 1, IsDate: true), terms[HashOf("2023")]);
        Assert.Equal(new TermCount(HashOf("8"), 0, IsDate: true), terms[HashOf("8")]);
        Assert.Equal(5, terms.Count);
        Assert.Equal(4, chunk.Length);
    }

    [Fact]
    public void The_date_is_the_one_on_the_speakers_calendar()
    {
        var turn = new TurnAnalyzer(WordEmbedder.Small).Analyze(
            Turns.Said(1, "s", 1, "bread", at: new DateTimeOffset(2023, 5, 9, 1, 0, 0, TimeSpan.FromHours(2))));

        Assert.Contains(turn.Chunks[0].Terms, static term => term.Term == HashOf("9"));
        Assert.DoesNotContain(turn.Chunks[0].Terms, static term => term.Term == HashOf("8"));
    }

    [Fact]
    public void A_long_text_has_chunks_of_120_words_and_vectors_of_50()
    {
        var turn = Analyze(string.Concat(Enumerable.Repeat("fresh bread from the warm oven every morning. ", 30)));

        // 240 words in sentences of 8: 15 sentences fit 120 words, 6 fit 50.
        Assert.Equal(2, turn.Chunks.Length);
        Assert.Equal(5, turn.VectorScales.Length);
        Assert.Equal(5 * WordEmbedder.Small.Dimensions, turn.Vectors.Length);
        Assert.All(turn.Chunks, static chunk => Assert.Contains(chunk.Terms, static term => term is { Count: 0, IsDate: true }));
    }

    [Fact]
    public void Pieces_the_embedder_knows_nothing_of_have_no_vector()
    {
        var unknown = string.Concat(Enumerable.Repeat("... ", 60)) + ". ";
        var known = Analyze("Fresh bread.");
        var mixed = Analyze(unknown + "\nFresh bread.");

        Assert.Equal(known.Vectors, mixed.Vectors);
        Assert.Equal(known.VectorScales, mixed.VectorScales);
        Assert.Empty(Analyze("...").Vectors);
        Assert.Empty(Analyze("...").VectorScales);
    }

    [Fact]
    public void One_analysis_serves_turn_after_turn()
    {
        var analysis = new TurnAnalyzer(WordEmbedder.Small);
        foreach (var change in Conversation.Long(200).Changes)
        {
            var (expected, actual) = (new TurnAnalyzer(WordEmbedder.Small).Analyze(change), analysis.Analyze(change));
            Assert.Equal(expected.Vectors, actual.Vectors);
            Assert.Equal(expected.VectorScales, actual.VectorScales);
            Assert.Equal(expected.Chunks.SelectMany(static chunk => chunk.Terms), actual.Chunks.SelectMany(static chunk => chunk.Terms));
        }
    }

    private static AnalyzedTurn Analyze(string content) =>
        new TurnAnalyzer(WordEmbedder.Small).Analyze(Turns.Said(1, "s", 1, content, at: EighthOfMay));

    private static ulong HashOf(string stem) => TermHash.Of(stem);
}
