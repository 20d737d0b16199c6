using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class FoldAccentsTests
{
    [Theory]
    [InlineData("We met at the café, twice.", "We met at the cafe, twice.")]
    [InlineData("naïve Łódź", "naive lodz")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("Straße, œuvre", "Strasse, oeuvre")]
    [InlineData("“Ada’s” – 5 ½ € 漢字 Привет 👩‍👧", "“Ada’s” – 5 ½ € 漢字 Привет 👩‍👧")]
    [InlineData("\uFFFDa\uFFFE\uFFFF", "\uFFFDa\uFFFE\uFFFF")]
    [InlineData("", "")]
    public void Accents_go_and_the_rest_stays(string text, string expected) => Assert.Equal(expected, FoldAccents.Fold(text));

    [Fact]
    public void Plain_text_is_not_copied()
    {
        var text = new string('a', 20);
        Assert.Same(text, FoldAccents.Fold(text));
        Assert.Equal("a\uFFFDb", FoldAccents.Fold("a\uD800b"));
    }
}
