using MemoryOrleans.Updates;

namespace MemoryOrleans.Memory.Tests.Updates;

/// <summary>The small language of phrases in word files, and how sentences are cut into tokens.</summary>
public sealed class PhraseTests
{
    [Theory]
    [InlineData("moved to", "I moved to Ghent", true)]
    [InlineData("moved to", "I moved it", false)]
    [InlineData("relocat*", "We are relocating", true)]
    [InlineData("*aria", "yo cantaria", true)]
    [InlineData("left !over/for", "what was left over", false)]
    [InlineData("left !over/for", "I left them", true)]
    [InlineData("n't ~3 anymore", "I don't eat it anymore", true)]
    [InlineData("n't ~1 anymore", "I don't eat it there anymore", false)]
    [InlineData("a ?very good", "a very good one", true)]
    [InlineData("a ?very good", "a good one", true)]
    [InlineData("^ hey", "well hey", false)]
    [InlineData("moved $", "I moved, finally", true)]
    [InlineData("in {year}", "in 2019", true)]
    [InlineData("in {year}", "in 20190", false)]
    public void A_phrase_is_found_where_it_stands(string phrase, string sentence, bool isFound)
    {
        var (pattern, tokens) = (PhrasePattern.Parse(phrase), CutTokens.Of(sentence));

        Assert.Equal(isFound, Enumerable.Range(0, tokens.Count).Any(at => pattern.MatchAt(tokens, at) is not null));
    }

    [Theory]
    [InlineData("from <3> to", "I switched from green tea to coffee", "green tea")]
    [InlineData("sold <4> $", "I sold the old boat and left", "the old boat")]
    [InlineData("sold <2> $", "I sold the old red boat", "the old")]
    public void A_phrase_takes_what_stands_between(string phrase, string sentence, string taken)
    {
        var (pattern, tokens) = (PhrasePattern.Parse(phrase), CutTokens.Of(sentence));
        var match = Enumerable.Range(0, tokens.Count).Select(at => pattern.MatchAt(tokens, at))
            .First(static found => found is not null)!.Value;

        Assert.Equal(taken, string.Join(' ',
            tokens.Skip(match.TakenStart).Take(match.TakenEnd - match.TakenStart).Select(static token => token.Folded)));
    }

    [Theory]
    [InlineData("I don't", "i do n't")]
    [InlineData("it's 9:30", "it 's 9:30")]
    [InlineData("J'ai déménagé", "j' ai demenage")]
    [InlineData("Mudei-me para Faro.", "mudei para faro .")]
    [InlineData("ana@mail.org, 555-0101", "ana@mail.org , 555-0101")]
    [InlineData("$40,000 for OPS-81", "$40,000 for ops-81")]
    public void A_sentence_is_cut_into_tokens(string sentence, string tokens) =>
        Assert.Equal(tokens, string.Join(' ', CutTokens.Of(sentence).Select(static token => token.Folded)));
}
