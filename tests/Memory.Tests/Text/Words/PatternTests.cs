using System.Text.RegularExpressions;
using MemoryOrleans.Text.Words;

namespace MemoryOrleans.Memory.Tests.Text.Words;

/// <summary>Patterns find what .NET's expressions of the same notation find, and never take more than linear time.</summary>
public sealed class PatternTests
{
    private const int TextsEach = 150;

    public static TheoryData<string> Names => [.. CorePatterns.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pattern_of_the_core_finds_what_an_expression_finds(string name)
    {
        var pattern = CorePatterns.All[name];
        var (expression, writer) = (ExpressionOf(pattern), new PatternWriter(seed: 1));
        for (var i = 0; i < TextsEach; i++)
            AssertSame(expression, pattern, writer.Write(pattern));
    }

    [Theory]
    [InlineData("a|ab|abc", "xabc")]
    [InlineData("(?<x>a|ab)(?<y>c|bcd)(?<z>d*)", "abcdd")]
    [InlineData("(?<x>a+?)(?<y>a*)", "aaa")]
    [InlineData("(a|b){2,3}?c", "ababc")]
    [InlineData("(?<x>a)*b", "aab")]
    [InlineData("(?<x>(?<y>a)|b)*", "ab")]
    [InlineData("^a|b$", "ab\n")]
    [InlineData("(?m:^)a", "b\naa")]
    [InlineData(@"\bk", "\u212a")]
    [InlineData(@"\bé", "É")]
    [InlineData("(?-i:\\p{Lu})\\p{Lu}", "aAa")]
    [InlineData("[^a-c]", "ABCD")]
    [InlineData("[a-]+", "-a-")]
    [InlineData(@"a\b", "a\u200d")]
    [InlineData(@"\s+\S", "\u0085\u00a0x")]
    [InlineData("x*", "axx")]
    [InlineData(".", "\n")]
    public void A_pattern_takes_the_way_that_an_expression_takes(string notation, string text)
    {
        var pattern = Pattern.AnyCase(notation);
        AssertSame(ExpressionOf(pattern), pattern, text);
    }

    [Theory]
    [InlineData(@"\w", "w")]
    [InlineData(@"\s", "s")]
    [InlineData(@"\p{L}", "L")]
    [InlineData(@"\p{Lu}", "Lu")]
    [InlineData(@"\p{M}", "M")]
    [InlineData(@"\p{N}", "N")]
    public void A_class_holds_the_letters_that_an_expressions_class_holds(string notation, string name)
    {
        var expression = new Regex(notation, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        var set = LetterSet.Of(set => set.Add(name, anyCase: false));
        var different = Enumerable.Range(0, char.MaxValue + 1).Select(static letter => (char)letter)
            .Where(letter => expression.IsMatch(letter.ToString()) != set.Contains(letter));
        Assert.Empty(different);
    }

    [Fact]
    public void A_search_goes_on_after_the_match_before()
    {
        var pattern = Pattern.AnyCase(@"\ba\w");
        Assert.Equal(["ab", "ac"], pattern.All("ab bac ac").Select(static match => match.Value));
        Assert.False(pattern.Find("ab", from: 1).IsFound);
        Assert.Equal(" bac .", pattern.RemoveFrom("ab bac ac."));
    }

    /// <summary>Backtracking alone would take longer than the universe has.</summary>
    [Theory]
    [InlineData("(a|aa)+$")]
    [InlineData("(a|a)*b")]
    [InlineData("(a*a*)?(a+a+)?c")]
    [InlineData("(a?){90}b")]
    public void Many_ways_through_a_text_take_linear_time(string notation) =>
        Assert.False(Pattern.Exact(notation).IsMatch(new string('a', 20_000) + "-"));

    [Fact]
    public void A_set_finds_what_each_of_its_patterns_finds()
    {
        Pattern[] patterns = [.. CorePatterns.All.Values.Take(60),
            Pattern.AnyCase("^b"), Pattern.AnyCase("$"), Pattern.Exact("(?m:^)É"), Pattern.Exact("x*")];
        var (set, writer) = (new PatternSet(patterns), new PatternWriter(seed: 2));
        foreach (var text in Enumerable.Range(0, 20).SelectMany(_ => patterns.Select(writer.Write)).Append("").Append("b").Append("b\nÉ"))
        {
            var found = set.FoundIn(text);
            Assert.Equal(patterns.Select(pattern => pattern.IsMatch(text)), patterns.Select((_, i) => (found >> i & 1) != 0));
        }
    }

    [Fact]
    public void A_set_takes_linear_time_for_many_ways_through_a_text()
    {
        var set = new PatternSet(Pattern.Exact("(a|aa)+b"), Pattern.Exact(@"(\w+-?)+c"), Pattern.Exact("-"));
        Assert.Equal(0b100UL, set.FoundIn(new string('a', 20_000) + "-"));
    }

    [Fact]
    public void A_set_of_more_than_64_patterns_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PatternSet([.. Enumerable.Repeat(Pattern.Exact("a"), 65)]));

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("*a")]
    [InlineData("(a*)*")]
    [InlineData("(?=a)")]
    [InlineData(@"\d")]
    [InlineData(@"\p{Greek}")]
    [InlineData("[a")]
    [InlineData("[]a]")]
    [InlineData("a{1,1000}")]
    [InlineData("(?<x")]
    public void What_the_notation_does_not_know_is_refused(string notation) =>
        Assert.Throws<FormatException>(() => Pattern.AnyCase(notation));

    private static Regex ExpressionOf(Pattern pattern) => new(
        pattern.Notation,
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | (pattern.IsAnyCase ? RegexOptions.IgnoreCase : RegexOptions.None),
        Regex.InfiniteMatchTimeout);

    private static void AssertSame(Regex expression, Pattern pattern, string text)
    {
        var (expected, found) = (expression.Match(text), pattern.Find(text));
        Assert.Equal(expected.Success, pattern.IsMatch(text));
        for (; expected.Success; expected = expected.NextMatch())
        {
            Assert.Equal((text, expected.Index, expected.Length), (text, found.Start, found.Length));
            foreach (var group in expected.Groups.Values.Skip(1))
            {
                var same = found[group.Name];
                Assert.Equal((text, group.Name, group.Success, group.Value), (text, group.Name, same.IsFound, same.Value));
            }

            found = pattern.Find(text, Math.Max(found.End, found.Start + 1));
        }

        Assert.False(found.IsFound);
    }
}
