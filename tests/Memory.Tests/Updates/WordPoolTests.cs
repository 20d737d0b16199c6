using MemoryOrleans.Models;
using MemoryOrleans.Recall.Outdated;
using MemoryOrleans.Updates;

namespace MemoryOrleans.Memory.Tests.Updates;

public sealed class WordPoolTests
{
    private static string Fresh => new("otter".ToCharArray());

    [Fact]
    public void Equal_words_are_one_string_until_they_are_forgotten()
    {
        var pool = new WordPool();
        var first = pool.Of(Fresh);
        Assert.Same(first, pool.Of(Fresh));

        pool.Clear();
        Assert.NotSame(first, pool.Of(Fresh));
    }

    [Fact]
    public void What_turns_state_is_read_once_and_forgotten_with_its_words()
    {
        var kept = new StatementCache(new StaticEmbedder());
        var turn = Turns.Said(1, "s", 1, "I live in Leuven.").Turn;
        var stated = kept.Of("t", turn).In("en", turn.Content);
        Assert.Same(stated, kept.Of("t", turn).In("en", turn.Content));
        var word = stated[0].Wording.Tokens[^2].Folded;

        kept.Clear();
        var again = kept.Of("t", turn).In("en", turn.Content);
        Assert.NotSame(stated, again);
        Assert.Equal(word, again[0].Wording.Tokens[^2].Folded);
        Assert.NotSame(word, again[0].Wording.Tokens[^2].Folded);
    }
}
