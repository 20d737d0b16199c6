using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Memory.Tests.Text.Analysis;
using MemoryOrleans.Text;

namespace MemoryOrleans.Memory.Tests.Text;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("   \r\n\t ", 0)]
    [InlineData("a", 1)]
    [InlineData("four", 1)]
    [InlineData("fives", 2)]
    [InlineData("eighteen", 2)]
    [InlineData("incomprehensible", 4)]
    [InlineData("one two three four", 5)]
    [InlineData("Hello, world!", 6)]
    [InlineData("don't", 3)]
    [InlineData("2025-03-03", 5)]
    [InlineData("naïve", 2)]
    [InlineData("хлеб", 2)]
    [InlineData("хлеба", 3)]
    [InlineData("abхл", 2)]
    [InlineData("面包", 2)]
    [InlineData("我的猫 hat", 4)]
    [InlineData("ねこ。", 3)]
    [InlineData("학교", 2)]
    [InlineData("𠀀", 1)]
    [InlineData("🌟", 1)]
    [InlineData("👩‍🚀", 3)]
    [InlineData("...", 3)]
    public void A_text_costs(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));

    [Fact]
    public void Half_a_character_costs_one() => Assert.Equal(1, TokenEstimate.Of("\ud83d"));

    [Fact]
    public void The_same_text_always_costs_the_same() =>
        Prop.ForAll(AnyUtf16.Texts, static text => Assert.Equal(TokenEstimate.Of(text), TokenEstimate.Of(text.ToCharArray())))
            .Check(SameCases.Quick);

    [Fact]
    public void Lines_cost_as_much_together_as_apart() =>
        Prop.ForAll(AnyUtf16.Texts, AnyUtf16.Texts, static (above, below) =>
        {
            var apart = TokenEstimate.Of(above) + TokenEstimate.Of(below);
            Assert.Equal(apart, TokenEstimate.Of(above + "\n" + below));
            Assert.Equal(apart, TokenEstimate.Of(above + "\n" + below + "\n"));
        }).Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void More_text_never_costs_less() =>
        Prop.ForAll(AnyUtf16.Texts, AnyUtf16.Texts, static (text, more) =>
            Assert.True(char.IsHighSurrogate(text.LastOrDefault()) || TokenEstimate.Of(text + more) >= TokenEstimate.Of(text)))
            .Check(SameCases.Quick.WithMaxTest(500));

    [Fact]
    public void A_text_costs_at_most_its_letters() =>
        Prop.ForAll(AnyUtf16.Texts, static text => Assert.InRange(TokenEstimate.Of(text), 0, text.Length))
        .Check(SameCases.Quick.WithMaxTest(500));
}
