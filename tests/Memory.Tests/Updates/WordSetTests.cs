using MemoryOrleans.Updates;

namespace MemoryOrleans.Memory.Tests.Updates;

public sealed class WordSetTests
{
    private static readonly string[] Some = ["dose", "", "x", "fox", "xof", "sugar", "budget", "kumquat", "日本", "dosed"];

    [Fact]
    public void A_set_has_its_words_in_their_order_and_no_others()
    {
        for (var length = 0; length <= Some.Length; length++)
        {
            var set = WordSet.Of(Some[..length]);
            Assert.Equal(length, set.Count);
            Assert.Equal(Some[..length], set);
            for (var i = 0; i < Some.Length; i++)
                Assert.Equal(i < length ? i : -1, set.IndexOf(Some[i]));
        }
    }

    [Fact]
    public void Sets_overlap_as_hash_sets_do()
    {
        var few = Enumerable.Range(0, 1 << Some.Length).Where(static bits => bits % 37 < 2)
            .Select(static bits => Some.Where((_, i) => (bits & (1 << i)) != 0).ToArray()).ToList();
        foreach (var (left, right) in few.SelectMany(left => few.Select(right => (left, right))))
            Assert.Equal(left.ToHashSet(StringComparer.Ordinal).Overlaps(right), WordSet.Of(left).Overlaps(WordSet.Of(right)));
    }

    [Fact]
    public void Weights_are_found_by_their_words()
    {
        var weights = WordWeights.Of(Some.Select(static (word, i) => (word, i)).ToDictionary(static pair => pair.word,
            static pair => pair.i / 10.0, StringComparer.Ordinal));

        Assert.Equal(Some, weights.Select(static pair => pair.Key));
        Assert.Equal(0.7, weights["kumquat"]);
        Assert.True(weights.TryGetValue("fox", out var fox));
        Assert.Equal(0.3, fox);
        Assert.Equal(0, weights.GetValueOrDefault("foxes"));
        Assert.Throws<KeyNotFoundException>(() => weights["foxes"]);
        Assert.Equal(4.5, weights.Sum, 12);
    }
}
