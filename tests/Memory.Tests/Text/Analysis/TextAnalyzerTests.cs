using FsCheck;
using FsCheck.Fluent;
using MemoryOrleans.Text.Analysis;

namespace MemoryOrleans.Memory.Tests.Text.Analysis;

public sealed class TextAnalyzerTests
{
    [Theory]
    [InlineData("What did Caroline's mother buy in Oslo?", "carolin mother buy oslo")]
    [InlineData("My Mum went running, and bought 2 books", "mother go run buy 2 book")]
    [InlineData("He was born; did it; I've done this", "born")]
    [InlineData("Café cafés CAFES", "cafe cafe cafe")]
    [InlineData("the the and", "")]
    [InlineData("running runs run", "run run run")]
    [InlineData("Мы любим Москву", "мы любим москву")]
    public void A_query_becomes_stemmed_terms_in_order(string text, string terms) =>
        Assert.Equal(terms, string.Join(' ', new TextAnalyzer().QueryAnalyzer(text).Select(term => term.Text)));

    [Theory]
    [InlineData("What did Will do in May?", "will may")]
    [InlineData("Will you come? May I ask who will, and what may be?", "come ask")]
    [InlineData("May 5 it rained, and on the 6th of May.", "may 5 rain 6th may")]
    [InlineData("Will's boat. Don’t go; we Don't. I saw Don.", "will boat go see don")]
    [InlineData("“May I?” said May, (Will) and WILL", "say may will")]
    [InlineData("Maybe Willow may come", "mayb willow come")]
    [InlineData("C'est le 3 mai; ＭＡＹ and May", "est le 3 mai may")]
    [InlineData("John'will and Will", "john will")]
    public void A_month_or_name_that_is_a_stop_word_too_is_a_term_where_its_capital_tells_it(string text, string terms) =>
        Assert.Equal(terms, string.Join(' ', new TextAnalyzer().QueryAnalyzer(text).Select(term => term.Text)));

    [Fact]
    public void A_turn_and_a_query_have_the_same_terms() =>
        Prop.ForAll(
            AnyUtf16.Texts,
            text =>
            {
                var analyzer = new TextAnalyzer();
                var hashes = new List<ulong>();
                analyzer.Analyze(text, hashes);
                var terms = analyzer.QueryAnalyzer(text);
                return hashes.SequenceEqual(terms.Select(term => term.Hash)) && terms.All(term => TermHash.Of(term.Text) == term.Hash);
            }).Check(SameCases.Quick.WithMaxTest(1000));

    [Fact]
    public void Analysis_appends_and_depends_on_no_earlier_text()
    {
        var analyzer = new TextAnalyzer();
        var terms = new List<ulong>();
        analyzer.Analyze(new string('x', 5000), terms);
        analyzer.Analyze("geese", terms);

        Assert.Equal(2, terms.Count);
        Assert.Equal(TermHash.Of("goos"), terms[1]);
    }

    [Theory]
    [InlineData("", 0xEFD01F60BA992926)]
    [InlineData("a", 0x82A2A958A9BECE5B)]
    [InlineData("memori", 0x614938D3B88F48A3)]
    [InlineData("東京", 0x9FEB640B64D8F28A)]
    public void Hashes_are_the_same_in_every_process_and_version(string term, ulong hash) => Assert.Equal(hash, TermHash.Of(term));

    [Fact]
    public void The_word_lists_hold_what_the_reference_holds()
    {
        Assert.True(StopWords.Contains("yourselves"));
        Assert.False(StopWords.Contains("Yourselves"));
        Assert.False(StopWords.Contains(""));
        Assert.True(IrregularForms.TryFold("went", out var folded));
        Assert.Equal("go", folded);
        Assert.False(IrregularForms.TryFold("going", out _));
        Assert.Equal(154, EmbeddedLines.Read("stopwords.txt").Count());
        Assert.Equal(132, EmbeddedLines.Read("irregular.txt").Count());
    }
}
